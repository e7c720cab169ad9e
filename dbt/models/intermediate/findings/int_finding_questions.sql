with

questions as (

    select * from {{ ref('int_question_changes') }}

),

rounds as (

    select * from {{ ref('int_round_order') }}

),

new_questions as (

    select questions.*
    from questions
    inner join rounds
        on questions.round_id = rounds.round_id
    where
        questions.question_no is not null
        and rounds.question_set is distinct from rounds.previous_question_set

),

undeclared as (

    select
        *,
        case
            when is_declared_comparable is null and change in ('same', 'reworded')
                then
                    'does not say whether it may be compared with round ' || previous_round_id
                    || ': fill in is_comparable_with_previous.'
            when is_declared_comparable and change in ('added', 'split')
                then 'declares it comparable, but round ' || previous_round_id || ' did not ask it under this key.'
            when comparability_note is null and (not is_declared_comparable or change = 'reworded')
                then 'does not say why: fill in comparability_note.'
        end as fault
    from new_questions

),

orphans as (

    select
        questions.*,
        'says that it was part of ' || questions.previous_question_key || ', which round '
        || questions.previous_round_id || ' did not ask.' as fault
    from questions
    left join questions as origins
        on
            questions.round_id = origins.round_id
            and questions.previous_question_key = origins.question_key
            and origins.previous_question_no is not null
    where
        questions.change = 'split'
        and origins.question_key is null

),

faults as (

    select * from undeclared
    where fault is not null
    union all
    select * from orphans

),

-- A fault here would compare a question with the wrong one.
described as (

    select
        round_id,
        question_no,
        'question ' || question_key as subject,
        'questions.csv ' || fault as content,
        'questions.csv ' || fault as detail
    from faults

),

final as (

    select {{ finding_columns('registry_fault', about=['question_no']) }}
    from described

)

select * from final
