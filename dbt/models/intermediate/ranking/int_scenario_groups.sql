with

ranks as (

    select * from {{ ref('int_scenario_ranks') }}

),

left_out as (

    select * from {{ ref('int_left_out_returns') }}

),

grouped_scenarios as (

    select * from ranks
    where scenario in ('one_left_out', 'resample')

),

groups as (

    {{ group_rank_sums('grouped_scenarios', within=['round_id', 'scenario', 'variant']) }}

),

-- A left-out return may represent others that would change the same ranks.
final as (

    select
        grouped_scenarios.round_id,
        grouped_scenarios.scenario,
        grouped_scenarios.variant,
        grouped_scenarios.question_no,
        groups.confidence_group,
        coalesce(left_out.runs, 1) as runs
    from grouped_scenarios
    inner join groups
        on
            grouped_scenarios.round_id = groups.round_id
            and grouped_scenarios.scenario = groups.scenario
            and grouped_scenarios.variant = groups.variant
            and grouped_scenarios.rank_sum = groups.rank_sum
    left join left_out
        on
            grouped_scenarios.round_id = left_out.round_id
            and grouped_scenarios.scenario = 'one_left_out'
            and grouped_scenarios.variant = left_out.committee_id

)

select * from final
