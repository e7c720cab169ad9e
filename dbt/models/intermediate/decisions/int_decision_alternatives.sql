with

decisions as (

    select * from {{ ref('int_decisions') }}

),

checks as (

    select * from {{ ref('quality_checks') }}

),

returns as (

    select * from {{ ref('int_counted_returns') }}

),

ratings as (

    select * from {{ ref('int_ratings_resolved') }}

),

-- The natural alternative. A decision that no counted rating depends on has none.
alternatives as (

    select
        decisions.finding_id,
        decisions.round_id,
        returns.return_no,
        decisions.question_no,
        returns.is_counted,
        case
            when decisions.question_no is not null and decisions.decision in ('estimate', 'accept')
                then 'leave_rating_blank'
            when decisions.question_no is not null then null
            when decisions.decision = 'count_both' then 'count_once'
            when decisions.decision = 'count_once' then 'count_both'
            when decisions.decision = 'set_aside' then 'count'
            when decisions.decision = 'accept' and array_contains({{ split_at('checks.decisions', '|') }}, 'set_aside')
                then 'set_aside'
        end as alternative
    from decisions
    inner join checks
        on decisions.check_name = checks.check_name
    inner join returns
        on decisions.round_id = returns.round_id and decisions.source_file = returns.source_file
    where decisions.fault is null

),

signed as (

    select
        *,
        case
            when alternative in ('count', 'count_both') and not is_counted then 1
            when alternative in ('leave_rating_blank', 'count_once', 'set_aside') and is_counted then -1
            else 0
        end as sign
    from alternatives
    where alternative is not null

),

-- What the alternative would add to the counts of the question.
final as (

    select
        signed.finding_id,
        signed.round_id,
        ratings.question_no,
        signed.alternative,
        signed.sign * cast(coalesce(ratings.resolved_rating = 'green', false) as integer) as green,
        signed.sign * cast(coalesce(ratings.resolved_rating = 'amber', false) as integer) as amber,
        signed.sign * cast(coalesce(ratings.resolved_rating = 'red', false) as integer) as red
    from signed
    inner join ratings
        on
            signed.return_no = ratings.return_no
            and (signed.question_no is null or signed.question_no = ratings.question_no)

)

select * from final
