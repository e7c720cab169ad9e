with

comments as (

    select * from {{ ref('int_comment_codes') }}

),

topics as (

    select * from {{ ref('comment_topics') }}

),

rounds as (

    select * from {{ ref('rounds') }}

),

rating_scale as (

    select * from {{ ref('rating_scale') }}

),

frame as (

    select
        rounds.round_id,
        topics.topic,
        topics.question_no
    from topics
    inner join rounds
        on topics.question_set = rounds.question_set

),

progress as (

    select
        round_id,
        question_no,
        count(*) as comments,
        count(*) filter (where coding_status = 'coded') as coded
    from comments
    group by all

),

-- A topic on one question, for all ratings and for each; and over all questions that can have it.
ratings as (

    select rating from rating_scale
    union all
    select null as rating

),

subjects as (

    select
        frame.round_id,
        frame.topic,
        frame.question_no,
        ratings.rating
    from frame
    cross join ratings
    union all
    select distinct
        round_id,
        topic,
        cast(null as integer) as question_no,
        cast(null as string) as rating
    from frame

),

with_progress as (

    select
        subjects.round_id,
        subjects.topic,
        subjects.question_no,
        subjects.rating,
        coalesce(sum(progress.comments), 0) as comments,
        coalesce(sum(progress.coded), 0) as coded
    from subjects
    inner join frame
        on
            subjects.round_id = frame.round_id
            and subjects.topic = frame.topic
            and coalesce(subjects.question_no, frame.question_no) = frame.question_no
    left join progress
        on
            frame.round_id = progress.round_id
            and frame.question_no = progress.question_no
    group by all

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

counted as (

    select
        subjects.round_id,
        subjects.topic,
        subjects.question_no,
        subjects.rating,
        count(distinct mentions.committee_id) as returns
    from subjects
    left join mentions
        on
            subjects.round_id = mentions.round_id
            and subjects.topic = mentions.topic
            and coalesce(subjects.question_no, mentions.question_no) = mentions.question_no
            and (subjects.rating is null or subjects.rating = mentions.resolved_rating)
    group by all

)

-- As long as one comment waits for its code nobody can say how many speak of a topic.
select
    ---------- ids
    with_progress.round_id,
    with_progress.topic,
    with_progress.question_no,
    with_progress.rating,

    ---------- counts
    with_progress.comments,
    with_progress.coded,
    case when with_progress.coded = with_progress.comments then counted.returns end as returns
from with_progress
inner join counted
    on
        with_progress.round_id = counted.round_id
        and with_progress.topic = counted.topic
        and with_progress.question_no is not distinct from counted.question_no
        and with_progress.rating is not distinct from counted.rating
