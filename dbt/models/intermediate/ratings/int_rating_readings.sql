with

answers as (

    select * from {{ ref('stg_answers') }}

),

typed as (

    select * from {{ ref('int_typed_ratings') }}

)

select
    ---------- ids
    answers.round_id,
    answers.source_file,
    answers.question_no,

    ---------- where it stands in the file
    answers.sheet,
    answers.cell,

    ---------- rating
    answers.rating_typed,
    typed.reported_rating,

    ---------- comment
    answers.comment_typed
from answers
inner join typed
    on
        answers.rating_typed = typed.rating_typed
        and answers.rating_colour is not distinct from typed.rating_colour
