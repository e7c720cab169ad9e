with

changes as (

    select * from {{ ref('int_question_changes') }}

),

questions as (

    select * from {{ ref('dim_question') }}

),

final as (

    select
        ---------- ids
        changes.round_id,
        changes.previous_round_id,
        changes.question_key,
        changes.question_no,
        changes.previous_question_no,
        coalesce(questions_now.short_reference, questions_then.short_reference) as short_reference,
        coalesce(questions_now.public_label, questions_then.public_label) as public_label,

        ---------- what changed
        changes.change,
        changes.is_comparable,
        changes.comparability_note,

        ---------- wording
        questions_then.question_text as question_text_then,
        questions_now.question_text as question_text_now
    from changes
    left join questions as questions_now
        on changes.round_id = questions_now.round_id and changes.question_no = questions_now.question_no
    left join questions as questions_then
        on
            changes.previous_round_id = questions_then.round_id
            and changes.previous_question_no = questions_then.question_no
    where changes.previous_round_id is not null

)

select * from final
