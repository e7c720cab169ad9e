{%- set kinds = {'left_out': 'one_left_out', 'resample': 'resample'} -%}
with

ranking as (

    select * from {{ ref('mart_question_ranking') }}

),

reliability as (

    select * from {{ ref('mart_ranking_reliability') }}

),

scenarios as (

    select * from {{ ref('int_scenario_groups') }}

),

counted as (

    select
        round_id,
        question_no,
        {% for kind, scenario in kinds.items() -%}
            {% for group in ['high', 'medium', 'low'] -%}
                coalesce(
                    sum(runs) filter (where scenario = '{{ scenario }}' and confidence_group = '{{ group }}'), 0
                ) as {{ kind }}_{{ group }}{% if not (loop.last and kind == 'resample') %},{% endif %}
            {% endfor -%}
        {% endfor -%}
    from scenarios
    group by round_id, question_no

),

final as (

    select
        ---------- ids
        ranking.round_id,
        ranking.question_no,
        ranking.question_key,
        ranking.short_reference,
        ranking.public_label,

        ---------- the published group
        ranking.confidence_rank,
        ranking.confidence_group,

        ---------- its group when any one return is left out, as shares of these runs
        reliability.left_out_runs,
        round(coalesce(counted.left_out_high, 0) / nullif(reliability.left_out_runs, 0), 6) as left_out_high_share,
        round(coalesce(counted.left_out_medium, 0) / nullif(reliability.left_out_runs, 0), 6) as left_out_medium_share,
        round(coalesce(counted.left_out_low, 0) / nullif(reliability.left_out_runs, 0), 6) as left_out_low_share,

        ---------- its group over resampled returns, as shares of the resamples
        reliability.resamples,
        round(coalesce(counted.resample_high, 0) / nullif(reliability.resamples, 0), 6) as resample_high_share,
        round(coalesce(counted.resample_medium, 0) / nullif(reliability.resamples, 0), 6) as resample_medium_share,
        round(coalesce(counted.resample_low, 0) / nullif(reliability.resamples, 0), 6) as resample_low_share
    from ranking
    inner join reliability
        on ranking.round_id = reliability.round_id
    left join counted
        on ranking.round_id = counted.round_id and ranking.question_no = counted.question_no

)

select * from final
