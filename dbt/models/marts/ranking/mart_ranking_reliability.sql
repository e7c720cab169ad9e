with

rounds as (

    select * from {{ ref('int_round_order') }}

),

missing as (

    select * from {{ ref('int_missing_returns') }}

),

left_out as (

    select * from {{ ref('int_left_out_returns') }}

),

resampled as (

    select * from {{ ref('int_resample_counts') }}

),

regrouped as (

    select * from {{ ref('int_regrouped_runs') }}

),

halves as (

    select * from {{ ref('int_interval_halves') }}

),

left_out_runs as (

    select
        round_id,
        sum(runs) as runs
    from left_out
    group by round_id

),

resamples as (

    select
        round_id,
        count(distinct resample_no) as resamples
    from resampled
    group by round_id

),

final as (

    select
        ---------- ids
        rounds.round_id,

        ---------- the base
        cast(coalesce(missing.members, 0) as integer) as returns,
        cast(missing.missing as integer) as missing_returns,
        cast({{ var('few_ratings_below_share') }} as double) as few_ratings_below_share,

        ---------- groups when any one return is left out
        cast(coalesce(left_out_runs.runs, 0) as integer) as left_out_runs,
        cast(coalesce(regrouped.regrouping_runs, 0) as integer) as regrouping_runs,
        cast(coalesce(regrouped.most_questions_regrouped, 0) as integer) as most_questions_regrouped,

        ---------- intervals over resampled returns
        cast(coalesce(resamples.resamples, 0) as integer) as resamples,
        cast({{ var('bootstrap_interval_share') }} as double) as interval_share,
        cast({{ var('clear_order_share') }} as double) as clear_order_share,
        cast(coalesce(halves.interval_bounds, 0) as integer) as interval_bounds,
        cast(coalesce(halves.differing_bounds, 0) as integer) as differing_bounds,
        cast(coalesce(halves.largest_bound_difference, 0) as integer) as largest_bound_difference
    from rounds
    left join missing
        on rounds.round_id = missing.round_id
    left join left_out_runs
        on rounds.round_id = left_out_runs.round_id
    left join regrouped
        on rounds.round_id = regrouped.round_id
    left join resamples
        on rounds.round_id = resamples.round_id
    left join halves
        on rounds.round_id = halves.round_id

)

select * from final
