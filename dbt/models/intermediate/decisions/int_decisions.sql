with

decisions as (

    select * from {{ ref('decisions') }}

),

findings as (

    select * from {{ ref('int_findings') }}

),

checks as (

    select * from {{ ref('quality_checks') }}

),

rating_scale as (

    select * from {{ ref('rating_scale') }}

),

counted as (

    select
        *,
        count(*) over (partition by finding_id) as rows_for_finding
    from decisions

),

judged as (

    select
        counted.*,
        findings.check_name,
        findings.round_id as finding_round_id,
        findings.committee_id,
        findings.question_no,
        findings.source_file,
        case
            when findings.finding_id is null then 'stale_decision'
            when counted.rows_for_finding > 1 then 'contradictory_decision'
            when
                coalesce(trim(counted.reason), '') = ''
                or coalesce(trim(counted.decided_by_role), '') = ''
                or counted.decided_on is null
                or not array_contains({{ split_at('checks.decisions', '|') }}, counted.decision)
                or (counted.decision = 'estimate' and rating_scale.rating is null)
                then 'incomplete_decision'
        end as fault
    from counted
    left join findings
        on counted.finding_id = findings.finding_id
    left join checks
        on findings.check_name = checks.check_name
    left join rating_scale
        on counted.estimated_rating = rating_scale.rating

)

select
    ---------- ids
    finding_id,
    check_name,
    finding_round_id as round_id,
    committee_id,
    question_no,
    source_file,

    ---------- the decision
    decision,
    estimated_rating,
    reason,
    decided_by_role,
    decided_on,

    ---------- whether it can be followed
    fault
from judged
