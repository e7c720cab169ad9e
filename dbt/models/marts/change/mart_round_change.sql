with

questions as (

    select * from {{ ref('int_question_changes') }}

),

ranking as (

    select * from {{ ref('mart_question_ranking') }}

),

movements as (

    select * from {{ ref('int_question_movements') }}

),

compared as (

    select * from {{ ref('int_compared_ranks') }}

),

ranked as (

    select
        *,
        count(confidence_rank) over (partition by round_id) as questions_ranked
    from ranking

),

final as (

    select
        ---------- ids
        questions.round_id,
        questions.previous_round_id,
        questions.question_no,
        questions.previous_question_no,
        questions.question_key,
        ranked_now.short_reference,
        ranked_now.public_label,

        ---------- all committees, as each round published them
        ranked_then.returns as returns_then,
        ranked_now.returns as returns_now,
        {% for rating in ['green', 'amber', 'red'] -%}
            ranked_then.{{ rating }} as {{ rating }}_then,
            ranked_now.{{ rating }} as {{ rating }}_now,
        {% endfor -%}
        ranked_then.confidence_rank as rank_then,
        ranked_now.confidence_rank as rank_now,
        cast(ranked_then.questions_ranked as integer) as questions_then,
        cast(ranked_now.questions_ranked as integer) as questions_now,
        ranked_then.confidence_group as confidence_group_then,
        ranked_now.confidence_group as confidence_group_now,

        ---------- all committees, among the compared questions
        cast(all_then.compared_rank as integer) as compared_rank_then,
        cast(all_now.compared_rank as integer) as compared_rank_now,
        cast(all_then.compared_rank - all_now.compared_rank as integer) as places_gained,

        ---------- committees in both rounds, and not
        cast(movements.matched as integer) as matched,
        cast(movements.only_then as integer) as only_then,
        cast(movements.only_now as integer) as only_now,
        cast(movements.only_then + movements.only_now as integer) as not_in_both,
        cast(movements.unclear_before as integer) as unclear_before,

        ---------- matched committees
        movements.is_withheld,
        {% for column in ['moved_up', 'stayed', 'moved_down'] -%}
            cast(case when not movements.is_withheld then movements.{{ column }} end as integer) as {{ column }},
        {% endfor -%}
        {% for column in ['green', 'amber', 'red'] -%}
            {% for moment in ['then', 'now'] -%}
                cast(case when not movements.is_withheld then matched_{{ moment }}.{{ column }} end as integer)
                    as matched_{{ column }}_{{ moment }},
            {% endfor -%}
        {% endfor -%}
        {% for moment in ['then', 'now'] -%}
            cast(case when not movements.is_withheld then matched_{{ moment }}.compared_rank end as integer)
                as matched_rank_{{ moment }},
        {% endfor %}
        ---------- wording
        questions.change = 'reworded' as is_reworded,
        questions.comparability_note
    from questions
    inner join movements
        on questions.round_id = movements.round_id and questions.question_no = movements.question_no
    inner join ranked as ranked_now
        on questions.round_id = ranked_now.round_id and questions.question_no = ranked_now.question_no
    inner join ranked as ranked_then
        on
            questions.previous_round_id = ranked_then.round_id
            and questions.previous_question_no = ranked_then.question_no
    {% for scope in ['all', 'matched'] -%}
        {% for moment in ['then', 'now'] -%}
            left join compared as {{ scope }}_{{ moment }}
                on
                    questions.round_id = {{ scope }}_{{ moment }}.round_id
                    and questions.question_no = {{ scope }}_{{ moment }}.question_no
                    and {{ scope }}_{{ moment }}.scope = '{{ scope }}'
                    and {{ scope }}_{{ moment }}.moment = '{{ moment }}'
                    and {{ scope }}_{{ moment }}.consortium_code = 'all'
        {% endfor -%}
    {% endfor %}
)

select * from final
