with

groups as (

    select * from {{ ref('int_confidence_groups') }}

),

scenarios as (

    select * from {{ ref('int_scenario_groups') }}

),

runs as (

    select
        scenarios.round_id,
        scenarios.variant,
        max(scenarios.runs) as runs,
        count(*) filter (where scenarios.confidence_group <> groups.confidence_group) as regrouped
    from scenarios
    inner join groups
        on scenarios.round_id = groups.round_id and scenarios.question_no = groups.question_no
    where scenarios.scenario = 'one_left_out'
    group by scenarios.round_id, scenarios.variant

),

final as (

    select
        round_id,
        coalesce(sum(runs) filter (where regrouped > 0), 0) as regrouping_runs,
        max(regrouped) as most_questions_regrouped
    from runs
    group by round_id

)

select * from final
