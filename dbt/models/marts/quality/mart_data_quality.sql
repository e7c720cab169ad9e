with

findings as (

    select * from {{ ref('int_findings') }}
    union all
    select * from {{ ref('int_finding_decisions') }}
    union all
    select * from {{ ref('int_finding_claims') }}
    union all
    select * from {{ ref('int_finding_uncoded_comments') }}

),

decisions as (

    select * from {{ ref('int_decisions') }}
    where fault is null

),

effects as (

    select * from {{ ref('int_decision_effects') }}

),

checks as (

    select * from {{ ref('quality_checks') }}

)

select
    ---------- ids
    findings.finding_id,
    findings.round_id,
    findings.check_name as {{ adapter.quote('check') }},
    findings.committee_id,
    findings.question_no,
    findings.source_file,

    ---------- the finding
    checks.title,
    checks.severity,
    findings.subject,
    findings.detail,

    ---------- the decision
    case
        when decisions.finding_id is not null then 'decided'
        when checks.severity = 'stop' then 'open'
        else 'noted'
    end as finding_status,
    decisions.decision,
    decisions.reason,
    decisions.decided_by_role,
    decisions.decided_on,
    effects.sentence as effect,

    ---------- how to mend it
    checks.mended_by,
    checks.how_to_mend
from findings
inner join checks
    on findings.check_name = checks.check_name
left join decisions
    on findings.finding_id = decisions.finding_id
left join effects
    on findings.finding_id = effects.finding_id
