with

ratings as (

    select * from {{ ref('fct_rating') }}

),

questions as (

    select * from {{ ref('dim_question') }}

),

committees as (

    select * from {{ ref('dim_committee_round') }}

),

consortia as (

    select * from {{ ref('dim_consortium') }}

),

-- The whole of the returns is the one more area, so that nation and consortia are ranked by the same lines.
areas as (

    select consortium_code from consortia
    union all
    select 'all' as consortium_code

),

placed as (

    select
        ratings.*,
        committees.consortium_code
    from ratings
    inner join committees
        on
            ratings.round_id = committees.round_id
            and ratings.committee_id = committees.committee_id
    where ratings.is_counted

),

counted_by_consortium as (

    select
        round_id,
        question_no,
        consortium_code,
        count(*) as returns,
        count(resolved_rating) as rated,
        count(*) filter (where resolved_rating = 'green') as green,
        count(*) filter (where resolved_rating = 'amber') as amber,
        count(*) filter (where resolved_rating = 'red') as red,
        count(*) filter (where reported_rating is null) as blank
    from placed
    group by all

),

counted as (

    select * from counted_by_consortium
    union all
    select
        round_id,
        question_no,
        'all' as consortium_code,
        sum(returns) as returns,
        sum(rated) as rated,
        sum(green) as green,
        sum(amber) as amber,
        sum(red) as red,
        sum(blank) as blank
    from counted_by_consortium
    group by all

)

-- A question nobody in an area answered is a row of zeros, not an absent row.
select
    ---------- ids
    questions.round_id,
    areas.consortium_code,
    questions.question_no,

    ---------- counts of returns
    cast(coalesce(counted.returns, 0) as integer) as returns,
    cast(coalesce(counted.rated, 0) as integer) as rated,
    cast(coalesce(counted.green, 0) as integer) as green,
    cast(coalesce(counted.amber, 0) as integer) as amber,
    cast(coalesce(counted.red, 0) as integer) as red,
    cast(coalesce(counted.blank, 0) as integer) as blank
from questions
cross join areas
left join counted
    on
        questions.round_id = counted.round_id
        and questions.question_no = counted.question_no
        and areas.consortium_code = counted.consortium_code
