with

answers as (

    select * from {{ ref('int_answers') }}
    where has_comment

),

duplicates as (

    select * from {{ ref('int_duplicate_returns') }}

),

-- A return that repeats another in everything is told as such, and must not make rare what it repeats common.
own as (

    select
        answers.round_id,
        answers.committee_id,
        answers.question_no,
        answers.reported_rating,
        {{ word_list('answers.comment_plain') }} as words
    from answers
    left join duplicates
        on
            answers.round_id = duplicates.round_id
            and answers.committee_id = duplicates.committee_id
    where duplicates.committee_id is null

)

select
    ---------- ids
    round_id,
    committee_id,
    question_no,

    ---------- the passage, and the rating that it stands beside
    {{ each_of(passages('words')) }} as passage,
    reported_rating
from own
