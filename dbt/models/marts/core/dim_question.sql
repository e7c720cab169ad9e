with

rounds as (

    select * from {{ ref('rounds') }}

),

questions as (

    select * from {{ ref('questions') }}

),

sections as (

    select * from {{ ref('question_sections') }}

),

changes as (

    select * from {{ ref('int_question_changes') }}

),

sub_questions as (

    select
        question_set,
        question_no,
        {{ listed('sub_question_text', 'sub_question_no') }} as sub_questions
    from {{ ref('sub_questions') }}
    group by all

)

select
    ---------- ids
    questions.question_key,
    questions.question_no,
    rounds.round_id,
    questions.section_no,

    ---------- text
    questions.short_reference,
    questions.question_text,
    sections.section_title,
    questions.subheading,
    coalesce(sub_questions.sub_questions, {{ no_texts() }}) as sub_questions,

    ---------- history
    changes.change as change_since_previous,
    changes.is_comparable as is_comparable_with_previous,
    changes.comparability_note
from rounds
inner join questions
    on rounds.question_set = questions.question_set
inner join changes
    on
        rounds.round_id = changes.round_id
        and questions.question_key = changes.question_key
inner join sections
    on
        questions.question_set = sections.question_set
        and questions.section_no = sections.section_no
left join sub_questions
    on
        questions.question_set = sub_questions.question_set
        and questions.question_no = sub_questions.question_no
