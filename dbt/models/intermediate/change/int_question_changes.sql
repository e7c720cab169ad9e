with

rounds as (

    select * from {{ ref('int_round_order') }}

),

sub_questions as (

    select
        question_set,
        question_no,
        {{ joined(normalised('sub_question_text'), 'chr(31)', 'sub_question_no') }} as sub_question_texts
    from {{ ref('sub_questions') }}
    group by question_set, question_no

),

questions as (

    select
        questions.*,
        concat_ws(chr(31), {{ normalised('questions.question_text') }}, sub_questions.sub_question_texts) as wording
    from {{ ref('questions') }} as questions
    left join sub_questions
        on
            questions.question_set = sub_questions.question_set
            and questions.question_no = sub_questions.question_no

),

asked as (

    select
        rounds.round_id,
        questions.*
    from rounds
    inner join questions
        on rounds.question_set = questions.question_set

),

asked_before as (

    select
        rounds.round_id,
        questions.*
    from rounds
    inner join questions
        on rounds.previous_question_set = questions.question_set

),

paired as (

    select
        coalesce(asked.round_id, asked_before.round_id) as round_id,
        coalesce(asked.question_key, asked_before.question_key) as question_key,
        asked.question_no,
        asked_before.question_no as previous_question_no,
        asked.question_set = asked_before.question_set as is_same_set,
        asked.is_comparable_with_previous as is_declared_comparable,
        asked.comparability_note,
        asked.previous_question_key,
        asked.question_no is not null as is_asked,
        asked_before.question_no is not null as was_asked,
        asked.wording = asked_before.wording as is_same_wording
    from asked
    full outer join asked_before
        on
            asked.round_id = asked_before.round_id
            and asked.question_key = asked_before.question_key

),

named as (

    select
        paired.*,
        rounds.previous_round_id,
        case
            when rounds.previous_round_id is null then null
            when not paired.is_asked then 'dropped'
            when not paired.was_asked and paired.previous_question_key is not null then 'split'
            when not paired.was_asked then 'added'
            when paired.is_same_wording then 'same'
            else 'reworded'
        end as change
    from paired
    inner join rounds
        on paired.round_id = rounds.round_id

),

-- A question that was split is dropped under its own key, and lives on in its parts.
parts as (

    select
        named.round_id,
        named.previous_question_key as question_key,
        {{ joined('questions.short_reference', "', '", 'named.question_no') }} as short_references
    from named
    inner join asked as questions
        on
            named.round_id = questions.round_id
            and named.question_no = questions.question_no
    where named.change = 'split'
    group by named.round_id, named.previous_question_key

),

origins as (

    select
        round_id,
        question_key,
        short_reference
    from asked_before

)

select
    ---------- ids
    named.round_id,
    named.previous_round_id,
    named.question_key,
    named.question_no,
    named.previous_question_no,
    named.previous_question_key,

    ---------- what changed
    named.change,
    -- Nothing is compared but what the question set declares comparable. The same set in two rounds is the same
    -- questionnaire; a question that was not asked before has nothing to be compared with.
    case
        when named.change is null then null
        when named.change in ('dropped', 'split', 'added') then false
        when named.is_same_set then true
        else coalesce(named.is_declared_comparable, false)
    end as is_comparable,
    named.is_declared_comparable,
    case
        when named.change is null then null
        when named.change = 'dropped' and parts.short_references is not null
            then 'Split into: ' || parts.short_references || '.'
        when named.change = 'dropped' then 'Asked in the round before and no longer.'
        -- What the set notes is about the round in which it was new.
        when named.is_same_set then null
        when named.comparability_note is not null then named.comparability_note
        when named.change = 'split' then 'Was part of: ' || coalesce(origins.short_reference, '?') || '.'
        when named.change = 'added' then 'Asked for the first time.'
        when named.is_declared_comparable is null
            then 'The question set does not say whether it may be compared.'
    end as comparability_note
from named
left join parts
    on
        named.round_id = parts.round_id
        and named.question_key = parts.question_key
left join origins
    on
        named.round_id = origins.round_id
        and named.previous_question_key = origins.question_key
