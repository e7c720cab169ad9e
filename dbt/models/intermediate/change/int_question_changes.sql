with

questions as (

    select * from {{ ref('int_question_pairs') }}

),

-- A question that was split is dropped under its own key. Its parts continue it.
parts as (

    select
        round_id,
        previous_question_key,
        {{ joined('short_reference', "', '", 'question_no') }} as short_references
    from questions
    where change = 'split'
    group by round_id, previous_question_key

),

related as (

    select
        questions.*,
        parts.short_references as part_references,
        origins.previous_short_reference as origin_reference
    from questions
    left join parts
        on questions.round_id = parts.round_id and questions.question_key = parts.previous_question_key
    left join questions as origins
        on
            questions.round_id = origins.round_id
            and questions.previous_question_key = origins.question_key
            and origins.previous_question_no is not null

),

final as (

    select
        round_id,
        previous_round_id,
        question_key,
        question_no,
        previous_question_no,
        previous_question_key,
        change,
        -- Only what the question set declares comparable is compared. The same set in two rounds is the same
        -- questionnaire; a question that was not asked before has nothing to be compared with.
        case
            when change is null then null
            when change in ('dropped', 'split', 'added') then false
            when is_same_set then true
            else coalesce(is_declared_comparable, false)
        end as is_comparable,
        is_declared_comparable,
        case
            when change is null then null
            when change = 'dropped' and part_references is not null then 'Split into: ' || part_references || '.'
            when change = 'dropped' then 'Asked in the round before and no longer.'
            -- The note of a set is about the round in which the set was new.
            when is_same_set then null
            when declared_note is not null then declared_note
            when change = 'split' then 'Was part of: ' || coalesce(origin_reference, '?') || '.'
            when change = 'added' then 'Asked for the first time.'
            when is_declared_comparable is null
                then 'The question set does not say whether it may be compared.'
        end as comparability_note
    from related

)

select * from final
