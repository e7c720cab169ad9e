with

robustness as (

    select * from {{ ref('mart_rank_robustness') }}

),

duplicate_counts as (

    select * from {{ ref('int_duplicate_counts') }}

),

policy as (

    select * from {{ ref('int_disclosure_policy') }}

),

-- The ranks with each content once give the ratings of named duplicates away.
duplicates as (

    select
        duplicate_counts.round_id,
        max(duplicate_counts.duplicates) > 0 as has_duplicates
    from duplicate_counts
    inner join policy
        on duplicate_counts.round_id = policy.round_id
    where not policy.has_consent
    group by duplicate_counts.round_id

),

final as (

    select
        robustness.round_id,
        robustness.question_no,
        robustness.question_key,
        robustness.short_reference,
        robustness.public_label,
        robustness.confidence_rank,
        robustness.best_rank_left_out,
        robustness.worst_rank_left_out,
        case when not coalesce(duplicates.has_duplicates, false) then robustness.rank_duplicates_once end
            as rank_duplicates_once,
        robustness.rank_reported_only,
        robustness.rank_blank_red,
        robustness.rank_blank_green,
        robustness.rank_net,
        robustness.rank_mean_score,
        robustness.rank_green_alone,
        robustness.rank_red_alone,
        robustness.rank_shares,
        robustness.rank_reported_shares,
        robustness.rank_colours_dense,
        robustness.rank_colours_modified,
        robustness.rank_colours_fractional,
        robustness.best_rank_resampled,
        robustness.worst_rank_resampled,
        robustness.best_rank_missing,
        robustness.worst_rank_missing,
        robustness.best_rank_missing_drawn,
        robustness.worst_rank_missing_drawn,
        robustness.lowest_rank,
        robustness.highest_rank,
        robustness.rank_dense,
        robustness.rank_modified,
        robustness.rank_fractional,
        robustness.bootstrap_low,
        robustness.bootstrap_high,
        case when coalesce(duplicates.has_duplicates, false) then 'known_committees' end as suppressed_because
    from robustness
    left join duplicates
        on robustness.round_id = duplicates.round_id

)

select * from final
