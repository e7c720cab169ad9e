with

ratings as (

    select * from {{ ref('int_ratings') }}

),

answers as (

    select * from {{ ref('int_answers') }}

),

topics as (

    select * from {{ ref('int_comment_topics') }}

),

codes as (

    select * from {{ ref('comment_codes') }}

),

frames as (

    select
        round_id,
        question_no,
        array_agg(topic) as frame
    from topics
    group by round_id, question_no

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
        on ratings.round_id = frames.round_id and ratings.question_no = frames.question_no
    inner join answers
        on ratings.return_no = answers.return_no and ratings.question_no = answers.question_no
    where
        ratings.is_counted
        and ratings.has_comment

),

coded as (

    select
        *,
        coalesce({{ split_at('topics', '|') }}, {{ no_texts() }}) as coded_topics
    from codes

),

-- A code belongs to the words that were read: a comment that changed has to be read again.
final as (

    select
        comments.round_id,
        comments.committee_id,
        comments.question_no,
        comments.resolved_rating,
        comments.comment_hash,
        case
            when coded.comment_hash is null then 'not_coded'
            when coded.comment_hash <> comments.comment_hash then 'changed_since'
            when not {{ holds_all('comments.frame', 'coded.coded_topics') }} then 'unknown_topic'
            else 'coded'
        end as coding_status,
        case when coded.comment_hash = comments.comment_hash then coded.coded_topics else {{ no_texts() }} end
            as topics
    from comments
    left join coded
        on
            comments.round_id = coded.round_id
            and comments.committee_id = coded.committee_id
            and comments.question_no = coded.question_no

)

select * from final
