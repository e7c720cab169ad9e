with

decisions as (

    select * from {{ ref('int_decisions') }}
    where fault is null

),

checks as (

    select * from {{ ref('quality_checks') }}

),

returns as (

    select * from {{ ref('fct_return') }}

),

numbers as (

    select * from {{ ref('int_returns') }}

),

ratings as (

    select * from {{ ref('int_ratings_resolved') }}

),

-- What would naturally have been decided instead. A decision that nothing counted depends on has no alternative.
alternatives as (

    select
        decisions.finding_id,
        decisions.round_id,
        numbers.return_no,
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
        on
            decisions.round_id = returns.round_id
            and decisions.source_file = returns.source_file
    inner join numbers
        on
            returns.round_id = numbers.round_id
            and returns.source_file = numbers.source_file

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

)

select
    ---------- ids
    signed.finding_id,
    signed.round_id,
    ratings.question_no,

    ---------- the alternative
    signed.alternative,

    ---------- what it would add to the counts of returns
    signed.sign * cast(coalesce(ratings.resolved_rating = 'green', false) as integer) as green,
    signed.sign * cast(coalesce(ratings.resolved_rating = 'amber', false) as integer) as amber,
    signed.sign * cast(coalesce(ratings.resolved_rating = 'red', false) as integer) as red
from signed
inner join ratings
    on
        signed.return_no = ratings.return_no
        and (signed.question_no is null or signed.question_no = ratings.question_no)
