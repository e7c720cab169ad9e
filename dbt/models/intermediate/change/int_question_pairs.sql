with

rounds as (

    select * from {{ ref('int_round_order') }}

),

questions as (

    select * from {{ ref('questions') }}

),

sub_questions as (

    select * from {{ ref('sub_questions') }}

),

sub_question_texts as (

    select
        question_set,
        question_no,
        {{ joined(normalised('sub_question_text'), 'chr(31)', 'sub_question_no') }} as sub_question_texts
    from sub_questions
    group by question_set, question_no

),

worded as (

    select
        questions.*,
        concat_ws(chr(31), {{ normalised('questions.question_text') }}, sub_question_texts.sub_question_texts)
            as wording
    from questions
    left join sub_question_texts
        on
            questions.question_set = sub_question_texts.question_set
            and questions.question_no = sub_question_texts.question_no

),

{% for asked, question_set in {'asked': 'question_set', 'asked_before': 'previous_question_set'}.items() -%}
    {{ asked }} as (

        select
            rounds.round_id,
            worded.*
        from rounds
        inner join worded
            on rounds.{{ question_set }} = worded.question_set

    ),

{% endfor -%}
-- A question keeps its key from round to round.
paired as (

    select
        coalesce(asked.round_id, asked_before.round_id) as round_id,
        coalesce(asked.question_key, asked_before.question_key) as question_key,
        coalesce(asked.short_reference, asked_before.short_reference) as short_reference,
        asked_before.short_reference as previous_short_reference,
        asked.question_no,
        asked_before.question_no as previous_question_no,
        asked.previous_question_key,
        asked.question_set = asked_before.question_set as is_same_set,
        asked.wording = asked_before.wording as is_same_wording,
        asked.is_comparable_with_previous as is_declared_comparable,
        asked.comparability_note as declared_note
    from asked
    full outer join asked_before
        on asked.round_id = asked_before.round_id and asked.question_key = asked_before.question_key

),

final as (

    select
        paired.*,
        rounds.previous_round_id,
        case
            when rounds.previous_round_id is null then null
            when paired.question_no is null then 'dropped'
            when paired.previous_question_no is null and paired.previous_question_key is not null then 'split'
            when paired.previous_question_no is null then 'added'
            when paired.is_same_wording then 'same'
            else 'reworded'
        end as change
    from paired
    inner join rounds
        on paired.round_id = rounds.round_id

)

select * from final
