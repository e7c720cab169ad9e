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

-- Only questions of the code frame wait for codes.
questions as (

    select distinct
        rounds.round_id,
        topics.question_no
    from topics
    inner join rounds
        on topics.question_set = rounds.question_set

),

counted as (

    select
        comments.round_id,
        count(*) as comments,
        count(*) filter (where comments.coding_status = 'not_coded') as not_coded,
        count(*) filter (where comments.coding_status = 'changed_since') as changed_since,
        count(*) filter (where comments.coding_status = 'unknown_topic') as unknown_topic,
        count(distinct comments.question_no) filter (where comments.coding_status <> 'coded') as questions
    from comments
    inner join questions
        on
            comments.round_id = questions.round_id
            and comments.question_no = questions.question_no
    group by all

)

-- One finding a round: who wrote which comment is nobody's business here.
select
    {{ finding_id(
        "'uncoded_comment'", 'round_id', "'round ' || round_id",
        "concat_ws(chr(31), comments, not_coded, changed_since, unknown_topic)"
    ) }} as finding_id,
    'uncoded_comment' as check_name,
    round_id,
    cast(null as string) as committee_id,
    cast(null as integer) as question_no,
    cast(null as string) as source_file,
    'round ' || round_id as subject,
    'Comments that wait for a code: ' || (not_coded + changed_since + unknown_topic) || ' of ' || comments
    || ', questions: ' || questions || '. Never coded ' || not_coded || ', changed since ' || changed_since
    || ', coded with a topic that the question does not know ' || unknown_topic || '.' as detail
from counted
where questions > 0
