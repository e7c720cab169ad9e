with

questions as (

    select * from {{ ref('int_question_changes') }}

),

ratings as (

    select * from {{ ref('int_ratings') }}

),

compared_questions as (

    select
        'now' as moment,
        round_id as rated_round_id,
        question_no as rated_question_no,
        *
    from questions
    where is_comparable
    union all
    select
        'then' as moment,
        previous_round_id as rated_round_id,
        previous_question_no as rated_question_no,
        *
    from questions
    where is_comparable

),

final as (

    select
        compared_questions.moment,
        compared_questions.round_id,
        compared_questions.previous_round_id,
        compared_questions.question_no,
        compared_questions.question_key,
        ratings.committee_id,
        ratings.resolved_rating as rating
    from compared_questions
    inner join ratings
        on
            compared_questions.rated_round_id = ratings.round_id
            and compared_questions.rated_question_no = ratings.question_no
    where
        ratings.is_counted
        and ratings.resolved_rating is not null

)

select * from final
