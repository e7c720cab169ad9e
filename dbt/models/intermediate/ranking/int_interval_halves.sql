{%- set low = (1 - var('bootstrap_interval_share')) / 2 -%}
with

ranks as (

    select * from {{ ref('int_scenario_ranks') }}

),

-- The bounds of each interval from the resamples with even and with odd numbers: two independent halves.
halves as (

    select
        round_id,
        question_no,
        cast(variant as integer) % 2 as half,
        percentile_disc({{ low | round(3) }}) within group (order by confidence_rank) as low,
        percentile_disc({{ (1 - low) | round(3) }}) within group (order by confidence_rank) as high
    from ranks
    where scenario = 'resample'
    group by all

),

differences as (

    select
        round_id,
        question_no,
        max(low) - min(low) as low_difference,
        max(high) - min(high) as high_difference
    from halves
    group by round_id, question_no

),

final as (

    select
        round_id,
        2 * count(*) as interval_bounds,
        count(*) filter (where low_difference > 0) + count(*) filter (where high_difference > 0) as differing_bounds,
        max(greatest(low_difference, high_difference)) as largest_bound_difference
    from differences
    group by round_id

)

select * from final
