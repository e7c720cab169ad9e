with

counts as (

    select * from {{ ref('int_scenario_counts') }}

),

rated as (

    select * from counts
    where is_rated

),

ranked as (

    {{ rank_questions('rated', within=['round_id', 'scenario', 'variant']) }}

),

final as (

    select
        round_id,
        scenario,
        variant,
        question_no,
        cast(rank_sum as integer) as rank_sum,
        cast(confidence_rank as integer) as confidence_rank
    from ranked

)

select * from final
