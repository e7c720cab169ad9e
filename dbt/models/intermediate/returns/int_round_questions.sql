with

rounds as (

    select * from {{ ref('int_round_order') }}

),

questions as (

    select * from {{ ref('questions') }}

),

final as (

    select
        rounds.round_id,
        questions.question_set,
        questions.question_no,
        questions.question_key,
        questions.previous_question_key,
        questions.short_reference,
        coalesce(questions.public_label, questions.short_reference) as public_label,
        questions.section_no,
        questions.subheading,
        questions.question_text,
        questions.is_comparable_with_previous,
        questions.comparability_note
    from rounds
    inner join questions
        on rounds.question_set = questions.question_set

)

select * from final
