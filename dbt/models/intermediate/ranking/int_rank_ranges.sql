{%- set best = ((1 - var('bootstrap_interval_share')) / 2) | round(3) -%}
{%- set worst = (1 - best) | round(3) -%}
with

scenarios as (

    select * from {{ ref('int_scenario_ranks') }}

),

final as (

    select
        round_id,
        question_no,
        min(confidence_rank) filter (where scenario = 'one_left_out') as best_rank_left_out,
        max(confidence_rank) filter (where scenario = 'one_left_out') as worst_rank_left_out,
        {% for scenario in ['duplicates_once', 'reported_only', 'blank_red', 'blank_green'] -%}
            max(confidence_rank) filter (where scenario = '{{ scenario }}') as rank_{{ scenario }},
        {% endfor -%}
        {% for bound, part in {'best': best, 'worst': worst}.items() -%}
            {% for suffix, scenario in {'resampled': 'resample', 'missing_drawn': 'missing_drawn'}.items() -%}
                cast(
                    percentile_disc({{ part }}) within group (order by confidence_rank)
                    filter (where scenario = '{{ scenario }}') as integer
                ) as {{ bound }}_rank_{{ suffix }},
            {% endfor -%}
        {% endfor -%}
        max(confidence_rank) filter (where scenario = 'missing_best' and variant = cast(question_no as string))
            as best_rank_missing,
        max(confidence_rank) filter (where scenario = 'missing_worst' and variant = cast(question_no as string))
            as worst_rank_missing
    from scenarios
    group by all

)

select * from final
