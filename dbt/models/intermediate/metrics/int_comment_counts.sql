with

comments as (

    select * from {{ ref('int_comment_codes') }}

),

topics as (

    select * from {{ ref('int_comment_topics') }}

),

rating_scale as (

    select * from {{ ref('rating_scale') }}

),

ratings as (

    select rating from rating_scale
    union all
    select null as rating

),

coded_of_questions as (

    select
        topics.round_id,
        topics.topic,
        topics.question_no,
        count(comments.question_no) as comments,
        count(*) filter (where comments.coding_status = 'coded') as coded
    from topics
    left join comments
        on topics.round_id = comments.round_id and topics.question_no = comments.question_no
    group by all

),

-- A topic of one question, and of all questions that can have it.
coded_of_topics as (

    select * from coded_of_questions
    union all
    select
        round_id,
        topic,
        null as question_no,
        sum(comments) as comments,
        sum(coded) as coded
    from coded_of_questions
    group by round_id, topic

),

subjects as (

    select
        coded_of_topics.*,
        ratings.rating
    from coded_of_topics
    inner join ratings
        on coded_of_topics.question_no is not null or ratings.rating is null

),

mentions as (

    select
        round_id,
        committee_id,
        question_no,
        resolved_rating,
        {{ each_of('topics') }} as topic
    from comments
    where coding_status = 'coded'

),

-- As long as one comment has no code, nobody can say how many returns have a topic.
final as (

    select
        subjects.round_id,
        subjects.topic,
        subjects.question_no,
        subjects.rating,
        subjects.comments,
        subjects.coded,
        case when subjects.coded = subjects.comments then count(distinct mentions.committee_id) end as returns
    from subjects
    left join mentions
        on
            subjects.round_id = mentions.round_id
            and subjects.topic = mentions.topic
            and coalesce(subjects.question_no, mentions.question_no) = mentions.question_no
            and (subjects.rating is null or subjects.rating = mentions.resolved_rating)
    group by
        subjects.round_id, subjects.topic, subjects.question_no, subjects.rating, subjects.comments, subjects.coded

)

select * from final
