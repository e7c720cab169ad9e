with

returns as (

    select * from {{ ref('int_returns') }}

),

rounds as (

    select * from {{ ref('rounds') }}

),

questions as (

    select * from {{ ref('questions') }}

),

answers as (

    select * from {{ ref('int_rating_readings') }}

)

-- Every standing return answers for every question of the round's set: a question that is missing
-- from the file is a blank, not an absent row.
select
    ---------- ids
    returns.round_id,
    returns.committee_id,
    questions.question_no,
    returns.source_file,

    ---------- rating
    answers.rating_typed,
    answers.reported_rating,

    ---------- comment
    answers.comment_typed,
    {{ normalised('answers.comment_typed') }} <> '' as has_comment
from returns
inner join rounds
    on returns.round_id = rounds.round_id
inner join questions
    on rounds.question_set = questions.question_set
left join answers
    on
        returns.round_id = answers.round_id
        and returns.source_file = answers.source_file
        and questions.question_no = answers.question_no
where returns.is_standing
