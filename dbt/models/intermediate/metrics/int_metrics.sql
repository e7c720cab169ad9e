with

by_rating as (

    select * from {{ ref('int_metrics_by_rating') }}

),

by_question as (

    select * from {{ ref('int_metrics_by_question') }}

),

of_pairs as (

    select * from {{ ref('int_metrics_of_pairs') }}

),

of_round as (

    select * from {{ ref('int_metrics_of_round') }}

),

comment_counts as (

    select * from {{ ref('int_comment_counts') }}

),

together as (

    select
        metric,
        round_id,
        question_no,
        consortium_code,
        rating,
        number_value,
        null as text_value,
        null as missing_because
    from by_rating
    union all
    select
        metric,
        round_id,
        question_no,
        consortium_code,
        null as rating,
        number_value,
        text_value,
        null as missing_because
    from by_question
    union all
    select
        metric,
        round_id,
        question_no,
        'all' as consortium_code,
        null as rating,
        number_value,
        null as text_value,
        null as missing_because
    from of_pairs
    union all
    select
        metric,
        round_id,
        null as question_no,
        consortium_code,
        null as rating,
        number_value,
        text_value,
        null as missing_because
    from of_round
    union all
    select
        'comments_on_topic:' || topic as metric,
        round_id,
        question_no,
        'all' as consortium_code,
        rating,
        returns as number_value,
        null as text_value,
        case
            when returns is null
                then 'Not all comments are coded: ' || coded || ' of ' || comments || ' are.'
        end as missing_because
    from comment_counts

)

select
    ---------- ids
    metric,
    round_id,
    question_no,
    consortium_code,
    rating,

    ---------- value
    number_value,
    text_value,
    missing_because
from together
where coalesce(cast(number_value as string), text_value, missing_because) is not null
