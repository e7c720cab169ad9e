with

answers as (

    select
        *,
        {{ word_key('rating_typed') }} as word,
        {{ colour_hue('rating_colour') }} as hue
    from {{ ref('stg_answers') }}

),

words as (

    select * from {{ ref('rating_words') }}

),

colours as (

    select * from {{ ref('rating_colours') }}

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
    coalesce(words.rating, colours.rating) as reported_rating,

    ---------- comment
    answers.comment_typed
from answers
left join words
    on answers.word = words.word
-- A colour speaks only where nothing was typed.
left join colours
    on
        answers.word = ''
        and answers.hue >= colours.hue_from
        and answers.hue < colours.hue_to
