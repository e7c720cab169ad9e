with

ranking as (

    select * from {{ ref('mart_question_ranking') }}

),

scenarios as (

    select * from {{ ref('int_scenario_ranks') }}

),

alternatives as (

    select * from {{ ref('int_alternative_ranks') }}

),

ranges as (

    select
        round_id,
        question_no,
        min(confidence_rank) filter (where scenario = 'one_left_out') as lowest_rank,
        max(confidence_rank) filter (where scenario = 'one_left_out') as highest_rank,
        max(confidence_rank) filter (where scenario = 'duplicates_once') as rank_duplicates_once,
        max(confidence_rank) filter (where scenario = 'reported_only') as rank_reported_only,
        max(confidence_rank) filter (where scenario = 'blank_red') as rank_blank_red,
        max(confidence_rank) filter (where scenario = 'blank_green') as rank_blank_green,
        cast(
            percentile_disc(0.05) within group (order by confidence_rank)
            filter (where scenario = 'resample') as integer
        ) as bootstrap_low,
        cast(
            percentile_disc(0.95) within group (order by confidence_rank)
            filter (where scenario = 'resample') as integer
        ) as bootstrap_high
    from scenarios
    group by all

),

final as (

    select
        ---------- ids
        ranking.round_id,
        ranking.question_no,
        ranking.question_key,
        ranking.short_reference,

        ---------- the rank, and its range when any one return is left out
        ranking.confidence_rank,
        ranges.lowest_rank,
        ranges.highest_rank,

        ---------- the rank when returns are treated otherwise
        ranges.rank_duplicates_once,
        ranges.rank_reported_only,
        ranges.rank_blank_red,
        ranges.rank_blank_green,

        ---------- the rank under other rules
        alternatives.rank_net,
        alternatives.rank_mean_score,
        alternatives.rank_green_alone,
        alternatives.rank_red_alone,
        alternatives.rank_dense,
        alternatives.rank_modified,
        alternatives.rank_fractional,

        ---------- interval of the rank over resampled returns
        ranges.bootstrap_low,
        ranges.bootstrap_high
    from ranking
    left join ranges
        on
            ranking.round_id = ranges.round_id
            and ranking.question_no = ranges.question_no
    left join alternatives
        on
            ranking.round_id = alternatives.round_id
            and ranking.question_no = alternatives.question_no

)

select * from final
