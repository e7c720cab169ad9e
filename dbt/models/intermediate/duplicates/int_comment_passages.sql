with

answers as (

    select * from {{ ref('int_answers') }}
    where has_comment

),

returns as (

    select * from {{ ref('int_returns') }}

),

duplicates as (

    select * from {{ ref('int_duplicate_returns') }}

),

-- A return that repeats another in everything is told as such, and must not make rare what it repeats common.
own as (

    select
        answers.return_no,
        answers.question_no,
        answers.reported_rating,
        returns.round_id,
        {{ word_list('answers.comment_plain') }} as words
    from answers
    inner join returns
        on answers.return_no = returns.return_no
    left join duplicates
        on answers.return_no = duplicates.return_no
    where duplicates.return_no is null

)

select
    ---------- ids
    return_no,
    question_no,

    ---------- the rating beside the comment
    reported_rating,

    ---------- what it says; the same words in another round are another passage
    {{ passages('words', 'round_id') }} as passages
from own
