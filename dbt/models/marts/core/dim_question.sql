with

questions as (

    select * from {{ ref('int_round_questions') }}

),

sections as (

    select * from {{ ref('question_sections') }}

),

sub_questions as (

    select * from {{ ref('sub_questions') }}

),

changes as (

    select * from {{ ref('int_question_changes') }}

),

sub_question_lists as (

    select
        question_set,
        question_no,
        {{ listed('sub_question_text', 'sub_question_no') }} as sub_questions
    from sub_questions
    group by question_set, question_no

),

final as (

    select
        ---------- ids
        questions.question_key,
        questions.question_no,
        questions.round_id,
        questions.section_no,

        ---------- text
        questions.short_reference,
        questions.public_label,
        questions.question_text,
        sections.section_title,
        questions.subheading,
        coalesce(sub_question_lists.sub_questions, {{ no_texts() }}) as sub_questions,

        ---------- history
        changes.change as change_since_previous,
        changes.is_comparable as is_comparable_with_previous,
        changes.comparability_note
    from questions
    inner join sections
        on questions.question_set = sections.question_set and questions.section_no = sections.section_no
    inner join changes
        on questions.round_id = changes.round_id and questions.question_key = changes.question_key
    left join sub_question_lists
        on
            questions.question_set = sub_question_lists.question_set
            and questions.question_no = sub_question_lists.question_no

)

select * from final
