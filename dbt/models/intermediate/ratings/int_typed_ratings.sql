with

answers as (

    select * from {{ ref('stg_answers') }}

),

rating_words as (

    select * from {{ ref('rating_words') }}

),

colours as (

    select * from {{ ref('rating_colours') }}

),

-- The owner of the reference data may write a word in any case, or in two ways.
words as (

    select distinct
        {{ word_key('word') }} as word,
        rating
    from rating_words

),

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

final as (

    select
        typed.rating_typed,
        typed.rating_colour,
        coalesce(words.rating, colours.rating) as reported_rating
    from typed
    left join words
        on
            typed.word = words.word
            and typed.word <> ''
    -- The colour of a cell counts only where nothing was typed.
    left join colours
        on
            typed.word = ''
            and typed.hue >= colours.hue_from
            and typed.hue < colours.hue_to

)

select * from final
