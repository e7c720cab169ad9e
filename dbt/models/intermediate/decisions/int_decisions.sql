with

register as (

    select * from {{ ref('int_register') }}

),

findings as (

    select * from {{ ref('int_findings') }}

),

final as (

    select
        register.finding_id,
        findings.check_name,
        findings.round_id,
        findings.committee_id,
        findings.question_no,
        findings.source_file,
        register.decision,
        register.estimated_rating,
        register.reason,
        register.decided_by_role,
        register.decided_on,
        case when findings.finding_id is null then 'stale_decision' else register.fault end as fault
    from register
    left join findings
        on register.finding_id = findings.finding_id

)

select * from final
