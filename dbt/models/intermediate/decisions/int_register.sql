with

decisions as (

    select * from {{ ref('decisions') }}

),

checks as (

    select * from {{ ref('quality_checks') }}

),

rating_scale as (

    select * from {{ ref('rating_scale') }}

),

-- The identity of a finding begins with the name of its check.
counted as (

    select
        *,
        split_part(finding_id, ':', 1) as check_name,
        count(*) over (partition by finding_id) as decisions_of_finding
    from decisions

),

-- These faults show without the finding: whether it still exists is judged where the decision is followed.
final as (

    select
        counted.finding_id,
        counted.check_name,
        counted.decision,
        counted.estimated_rating,
        counted.reason,
        counted.decided_by_role,
        counted.decided_on,
        case
            when counted.decisions_of_finding > 1 then 'contradictory_decision'
            when
                coalesce(trim(counted.reason), '') = ''
                or coalesce(trim(counted.decided_by_role), '') = ''
                or counted.decided_on is null
                -- A check without decisions, and a decision cell without text, make a null: they allow nothing.
                or not coalesce(
                    array_contains({{ split_at('checks.decisions', '|') }}, counted.decision), false
                )
                or (counted.decision = 'estimate' and rating_scale.rating is null)
                then 'incomplete_decision'
        end as fault
    from counted
    left join checks
        on counted.check_name = checks.check_name
    left join rating_scale
        on counted.estimated_rating = rating_scale.rating

)

select * from final
