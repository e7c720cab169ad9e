with

counts as (

    select * from {{ ref('int_comment_counts') }}
    where
        question_no is not null
        and rating is null

),

questions as (

    select * from {{ ref('dim_question') }}

),

rounds as (

    select * from {{ ref('rounds') }}

),

topics as (

    select * from {{ ref('comment_topics') }}

)

select
    ---------- ids
    counts.round_id,
    counts.question_no,
    questions.short_reference,
    counts.topic,

    ---------- in words
    topics.definition,

    ---------- counts
    cast(counts.comments as integer) as comments,
    cast(counts.coded as integer) as coded_comments,
    cast(counts.returns as integer) as returns
from counts
inner join questions
    on
        counts.round_id = questions.round_id
        and counts.question_no = questions.question_no
inner join rounds
    on counts.round_id = rounds.round_id
inner join topics
    on
        rounds.question_set = topics.question_set
        and counts.question_no = topics.question_no
        and counts.topic = topics.topic
