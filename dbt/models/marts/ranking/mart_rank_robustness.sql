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

gathered as (

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

)

select
    ---------- ids
    ranking.round_id,
    ranking.question_no,
    ranking.question_key,
    ranking.short_reference,

    ---------- the rank, and its range when any one return is left out
    ranking.confidence_rank,
    gathered.lowest_rank,
    gathered.highest_rank,

    ---------- the rank when the returns are treated otherwise
    gathered.rank_duplicates_once,
    gathered.rank_reported_only,
    gathered.rank_blank_red,
    gathered.rank_blank_green,

    ---------- the rank under other rules
    alternatives.rank_net,
    alternatives.rank_mean_score,
    alternatives.rank_green_alone,
    alternatives.rank_red_alone,
    alternatives.rank_dense,
    alternatives.rank_modified,
    alternatives.rank_fractional,

    ---------- interval of the rank over resampled returns
    gathered.bootstrap_low,
    gathered.bootstrap_high
from ranking
left join gathered
    on
        ranking.round_id = gathered.round_id
        and ranking.question_no = gathered.question_no
left join alternatives
    on
        ranking.round_id = alternatives.round_id
        and ranking.question_no = alternatives.question_no
