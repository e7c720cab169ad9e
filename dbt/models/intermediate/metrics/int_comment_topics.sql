with

topics as (

    select * from {{ ref('comment_topics') }}

),

rounds as (

    select * from {{ ref('rounds') }}

),

final as (

    select
        rounds.round_id,
        topics.question_no,
        topics.topic,
        topics.definition
    from topics
    inner join rounds
        on topics.question_set = rounds.question_set

)

select * from final
