{%- set of_matched_committees = [
    'matched', 'only_then', 'only_now', 'not_in_both', 'unclear_before', 'moved_up',
    'stayed', 'moved_down', 'matched_green_then', 'matched_green_now', 'matched_amber_then',
    'matched_amber_now', 'matched_red_then', 'matched_red_now', 'matched_rank_then', 'matched_rank_now',
] -%}
with

changes as (

    select * from {{ ref('mart_round_change') }}

),

figures as (

    select * from {{ ref('int_matched_figures') }}

),

final as (

    select
        changes.round_id,
        changes.previous_round_id,
        changes.question_no,
        changes.previous_question_no,
        changes.question_key,
        changes.short_reference,
        changes.public_label,
        changes.returns_then,
        changes.returns_now,
        changes.green_then,
        changes.green_now,
        changes.amber_then,
        changes.amber_now,
        changes.red_then,
        changes.red_now,
        changes.rank_then,
        changes.rank_now,
        changes.questions_then,
        changes.questions_now,
        changes.confidence_group_then,
        changes.confidence_group_now,
        changes.compared_rank_then,
        changes.compared_rank_now,
        changes.places_gained,
        changes.is_withheld or figures.suppressed_because is not null as is_withheld,
        changes.is_reworded,
        changes.comparability_note,
        {% for column in of_matched_committees -%}
            case when figures.suppressed_because is null then changes.{{ column }} end as {{ column }},
        {% endfor -%}
        figures.suppressed_because
    from changes
    inner join figures
        on changes.round_id = figures.round_id and changes.question_no = figures.question_no

)

select * from final
