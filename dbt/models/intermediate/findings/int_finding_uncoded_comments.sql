with

comments as (

    select * from {{ ref('int_comment_codes') }}

),

counted as (

    select
        round_id,
        count(*) as comments,
        count(*) filter (where coding_status = 'not_coded') as not_coded,
        count(*) filter (where coding_status = 'changed_since') as changed_since,
        count(*) filter (where coding_status = 'unknown_topic') as unknown_topic,
        count(distinct question_no) filter (where coding_status <> 'coded') as questions
    from comments
    group by all

),

-- One finding per round: which committee wrote a comment is not shown.
described as (

    select
        round_id,
        'round ' || round_id as subject,
        concat_ws(chr(31), comments, not_coded, changed_since, unknown_topic) as content,
        'Comments without a code: ' || (not_coded + changed_since + unknown_topic) || ' of ' || comments
        || ', questions: ' || questions || '. Never coded ' || not_coded || ', changed since ' || changed_since
        || ', coded with a topic that the question does not know ' || unknown_topic || '.' as detail
    from counted
    where questions > 0

),

final as (

    select {{ finding_columns('uncoded_comment', about=[]) }}
    from described

)

select * from final
