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

together as (

    select
        metric,
        round_id,
        question_no,
        consortium_code,
        rating,
        number_value,
        null as text_value
    from by_rating
    union all
    select
        metric,
        round_id,
        question_no,
        consortium_code,
        null as rating,
        number_value,
        text_value
    from by_question
    union all
    select
        metric,
        round_id,
        question_no,
        'all' as consortium_code,
        null as rating,
        number_value,
        null as text_value
    from of_pairs
    union all
    select
        metric,
        round_id,
        null as question_no,
        consortium_code,
        null as rating,
        number_value,
        text_value
    from of_round

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
    text_value
from together
where number_value is not null or text_value is not null
