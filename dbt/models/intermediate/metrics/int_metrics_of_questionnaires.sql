with

rounds as (

    select * from {{ ref('int_round_order') }}

),

questions as (

    select * from {{ ref('int_round_questions') }}

),

rating_scale as (

    select * from {{ ref('rating_scale') }}

),

sizes as (

    select
        questions.round_id,
        cast(count(distinct questions.question_no) as double) as questions,
        cast(count(distinct questions.section_no) as double) as sections,
        cast(count(distinct rating_scale.rating) as double) as rating_steps
    from questions
    cross join rating_scale
    group by questions.round_id

),

fieldwork as (

    select
        round_id,
        left(cast(fieldwork_start as string), 7) as fieldwork_first_month,
        left(cast(fieldwork_end as string), 7) as fieldwork_last_month
    from rounds

),

final as (

    select
        metric,
        round_id,
        number_value,
        null as text_value
    from sizes
    unpivot (number_value for metric in (questions, sections, rating_steps))
    union all
    select
        'questions_in_section:' || section_no as metric,
        round_id,
        cast(count(*) as double) as number_value,
        null as text_value
    from questions
    group by section_no, round_id
    union all
    select
        metric,
        round_id,
        null as number_value,
        text_value
    from fieldwork
    unpivot (text_value for metric in (fieldwork_first_month, fieldwork_last_month))

)

select * from final
