with

register as (

    select * from {{ ref('int_register') }}

),

findings as (

    select * from {{ ref('int_finding_blank_ratings') }}

),

returns as (

    select * from {{ ref('int_returns') }}

),

final as (

    select
        returns.return_no,
        findings.question_no,
        register.estimated_rating
    from register
    inner join findings
        on register.finding_id = findings.finding_id
    inner join returns
        on findings.round_id = returns.round_id and findings.source_file = returns.source_file
    where
        register.decision = 'estimate'
        and register.fault is null

)

select * from final
