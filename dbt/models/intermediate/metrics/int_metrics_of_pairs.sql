with

ratings as (

    select * from {{ ref('int_ratings') }}

),

rating_scale as (

    select * from {{ ref('rating_scale') }}

),

claims as (

    select * from {{ ref('claims') }}

),

-- Only pairs of questions that a claim compares: the number of all pairs is the square of the questions.
pairs as (

    select distinct
        metric,
        round_id,
        question_no,
        cast(split_part(metric, ':', 2) as integer) as other_question_no
    from claims
    where metric like 'committees_lower_than_on:%'

),

compared_questions as (

    select
        round_id,
        question_no
    from pairs
    union
    select
        round_id,
        other_question_no as question_no
    from pairs

),

scored as (

    select
        ratings.round_id,
        ratings.committee_id,
        ratings.question_no,
        rating_scale.sort_order as score
    from ratings
    inner join compared_questions
        on
            ratings.round_id = compared_questions.round_id
            and ratings.question_no = compared_questions.question_no
    inner join rating_scale
        on ratings.resolved_rating = rating_scale.rating
    where ratings.is_counted

),

final as (

    select
        pairs.metric,
        pairs.round_id,
        pairs.question_no,
        cast(count(*) filter (where own.score < other.score) as double) as number_value
    from pairs
    inner join scored as own
        on pairs.round_id = own.round_id and pairs.question_no = own.question_no
    inner join scored as other
        on
            own.round_id = other.round_id
            and own.committee_id = other.committee_id
            and pairs.other_question_no = other.question_no
    group by all

)

select * from final
