with

answers as (

    select * from {{ ref('stg_answers') }}

),

words as (

    select * from {{ ref('rating_words') }}

),

colours as (

    select * from {{ ref('rating_colours') }}

),

-- People type few different words: each is read once, however many answers there are.
distinct_ratings as (

    select distinct
        rating_typed,
        rating_colour
    from answers

),

typed as (

    select
        rating_typed,
        rating_colour,
        {{ word_key('rating_typed') }} as word,
        {{ colour_hue('rating_colour') }} as hue
    from distinct_ratings

),

readings as (

    select
        typed.rating_typed,
        typed.rating_colour,
        coalesce(words.rating, colours.rating) as reported_rating
    from typed
    left join words
        on typed.word = words.word
    -- A colour speaks only where nothing was typed.
    left join colours
        on
            typed.word = ''
            and typed.hue >= colours.hue_from
            and typed.hue < colours.hue_to

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
    readings.reported_rating,

    ---------- comment
    answers.comment_typed
from answers
inner join readings
    on
        answers.rating_typed = readings.rating_typed
        and answers.rating_colour is not distinct from readings.rating_colour
