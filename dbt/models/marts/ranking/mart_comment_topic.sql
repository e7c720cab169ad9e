with

counts as (

    select * from {{ ref('int_comment_counts') }}

),

topics as (

    select * from {{ ref('int_comment_topics') }}

),

questions as (

    select * from {{ ref('dim_question') }}

),

final as (

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
        on counts.round_id = questions.round_id and counts.question_no = questions.question_no
    inner join topics
        on
            counts.round_id = topics.round_id
            and counts.question_no = topics.question_no
            and counts.topic = topics.topic
    where counts.rating is null

)

select * from final
