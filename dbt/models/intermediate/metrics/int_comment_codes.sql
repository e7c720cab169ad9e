with

ratings as (

    select * from {{ ref('fct_rating') }}
    where
        is_counted
        and has_comment

),

answers as (

    select * from {{ ref('int_answers') }}
    where has_comment

),

returns as (

    select * from {{ ref('int_returns') }}
    where is_standing

),

rounds as (

    select * from {{ ref('rounds') }}

),

topics as (

    select * from {{ ref('comment_topics') }}

),

codes as (

    select
        *,
        coalesce({{ split_at('topics', '|') }}, {{ no_texts() }}) as topics_typed
    from {{ ref('comment_codes') }}

),

frames as (

    select
        rounds.round_id,
        topics.question_no,
        array_agg(topics.topic) as frame
    from topics
    inner join rounds
        on topics.question_set = rounds.question_set
    group by all

),

comments as (

    select
        ratings.round_id,
        ratings.committee_id,
        ratings.question_no,
        ratings.resolved_rating,
        md5(answers.comment_plain) as comment_hash,
        frames.frame
    from ratings
    inner join frames
        on
            ratings.round_id = frames.round_id
            and ratings.question_no = frames.question_no
    inner join returns
        on
            ratings.round_id = returns.round_id
            and ratings.committee_id = returns.committee_id
    inner join answers
        on
            returns.return_no = answers.return_no
            and ratings.question_no = answers.question_no

)

-- A code belongs to the words that were read: a comment that changed has to be read again.
select
    ---------- ids
    comments.round_id,
    comments.committee_id,
    comments.question_no,
    comments.resolved_rating,

    ---------- what the comment says
    comments.comment_hash,
    case
        when codes.comment_hash is null then 'not_coded'
        when codes.comment_hash <> comments.comment_hash then 'changed_since'
        when not {{ holds_all('comments.frame', 'codes.topics_typed') }} then 'unknown_topic'
        else 'coded'
    end as coding_status,
    case when codes.comment_hash = comments.comment_hash then codes.topics_typed else {{ no_texts() }} end as topics
from comments
left join codes
    on
        comments.round_id = codes.round_id
        and comments.committee_id = codes.committee_id
        and comments.question_no = codes.question_no
