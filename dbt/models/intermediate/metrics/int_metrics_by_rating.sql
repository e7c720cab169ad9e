with

ratings as (

    select * from {{ ref('fct_rating') }}
    where is_counted

),

counts as (

    select * from {{ ref('int_rating_counts') }}

),

rating_scale as (

    select * from {{ ref('dim_rating') }}

),

counted as (

    select
        counts.round_id,
        counts.question_no,
        counts.consortium_code,
        rating_scale.rating,
        counts.returns,
        case rating_scale.rating
            when 'green' then counts.green
            when 'amber' then counts.amber
            else counts.red
        end as count_of_rating
    from counts
    cross join rating_scale

),

without_comment as (

    select
        round_id,
        question_no,
        resolved_rating as rating,
        count(*) filter (where not has_comment) as returns
    from ratings
    group by all

),

compared as (

    select
        *,
        rank() over (partition by round_id, consortium_code, rating order by count_of_rating asc) - 1
            as questions_with_fewer,
        count(*) over (partition by round_id, consortium_code, rating, count_of_rating) - 1 as questions_with_as_many
    from counted

)

select
    'count' as metric,
    round_id,
    question_no,
    consortium_code,
    rating,
    cast(count_of_rating as double) as number_value
from compared
union all
select
    'share' as metric,
    round_id,
    question_no,
    consortium_code,
    rating,
    count_of_rating / nullif(returns, 0) as number_value
from compared
union all
select
    'questions_with_fewer' as metric,
    round_id,
    question_no,
    consortium_code,
    rating,
    cast(questions_with_fewer as double) as number_value
from compared
union all
select
    'questions_with_as_many' as metric,
    round_id,
    question_no,
    consortium_code,
    rating,
    cast(questions_with_as_many as double) as number_value
from compared
union all
select
    'without_comment' as metric,
    round_id,
    question_no,
    'all' as consortium_code,
    rating,
    cast(returns as double) as number_value
from without_comment
