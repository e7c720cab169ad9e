with

ranking as (

    select * from {{ ref('mart_question_ranking') }}

),

ranges as (

    select * from {{ ref('int_rank_ranges') }}

),

shares as (

    select * from {{ ref('int_share_ranks') }}

),

alternatives as (

    select * from {{ ref('int_alternative_ranks') }}

),

final as (

    select
        ---------- ids
        ranking.round_id,
        ranking.question_no,
        ranking.question_key,
        ranking.short_reference,
        ranking.public_label,

        ---------- the rank, and its range when any one return is left out
        ranking.confidence_rank,
        ranges.best_rank_left_out,
        ranges.worst_rank_left_out,

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
        shares.rank_shares,
        shares.rank_reported_shares,

        ---------- the rank when the ranks by green and by red number ties in another way
        alternatives.rank_colours_dense,
        alternatives.rank_colours_modified,
        alternatives.rank_colours_fractional,

        ---------- interval of the rank over resampled returns
        ranges.best_rank_resampled,
        ranges.worst_rank_resampled,

        ---------- the rank if the missing returns had come
        ranges.best_rank_missing,
        ranges.worst_rank_missing,
        ranges.best_rank_missing_drawn,
        ranges.worst_rank_missing_drawn,

        ---------- deprecated names
        ranges.best_rank_left_out as lowest_rank,
        ranges.worst_rank_left_out as highest_rank,
        alternatives.rank_colours_dense as rank_dense,
        alternatives.rank_colours_modified as rank_modified,
        alternatives.rank_colours_fractional as rank_fractional,
        ranges.best_rank_resampled as bootstrap_low,
        ranges.worst_rank_resampled as bootstrap_high
    from ranking
    left join ranges
        on ranking.round_id = ranges.round_id and ranking.question_no = ranges.question_no
    left join alternatives
        on ranking.round_id = alternatives.round_id and ranking.question_no = alternatives.question_no
    left join shares
        on ranking.round_id = shares.round_id and ranking.question_no = shares.question_no

)

select * from final
