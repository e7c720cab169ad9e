with

answers as (

    select * from {{ ref('stg_answers') }}

),

typed_ratings as (

    select * from {{ ref('int_typed_ratings') }}

),

final as (

    select
        answers.round_id,
        answers.source_file,
        answers.question_no,
        answers.sheet,
        answers.cell,
        answers.rating_typed,
        typed_ratings.reported_rating,
        answers.comment_typed
    from answers
    inner join typed_ratings
        on
            answers.rating_typed = typed_ratings.rating_typed
            and answers.rating_colour is not distinct from typed_ratings.rating_colour

)

select * from final
