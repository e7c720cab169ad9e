with

counts as (

    select * from {{ ref('int_rating_counts') }}

),

policy as (

    select * from {{ ref('int_disclosure_policy') }}

),

duplicates as (

    select * from {{ ref('int_duplicate_counts') }}

),

printed_counts as (

    select * from {{ ref('int_printed_counts') }}

),

suppressions as (

    select * from {{ ref('stg_published_suppressions') }}

),

described as (

    select
        counts.round_id,
        counts.question_no,
        counts.consortium_code,
        counts.rated,
        counts.green,
        counts.amber,
        counts.red,
        -- Identical returns of several consortia have a rating that each of these has given.
        case when duplicates.has_spread_group then min(counts.green) over same else counts.green end as shared_green,
        case when duplicates.has_spread_group then min(counts.amber) over same else counts.amber end as shared_amber,
        case when duplicates.has_spread_group then min(counts.red) over same else counts.red end as shared_red,
        policy.minimum_base,
        policy.protects_from_insiders,
        coalesce(duplicates.duplicates, 0) as duplicates,
        -- All identical returns can have the rating, and a committee may subtract its own return.
        greatest(coalesce(duplicates.duplicates, 0), 1)
        + cast(policy.protects_from_insiders as integer) as safe_count,
        coalesce(duplicates.has_spread_group, false) as has_spread_group,
        coalesce(printed_counts.printed_counts, 0) > 0 as is_printed,
        suppressions.shown_rating as shown_before,
        coalesce(suppressions.hides_rated, false) as hid_rated_before
    from counts
    inner join policy
        on counts.round_id = policy.round_id
    left join duplicates
        on
            counts.round_id = duplicates.round_id
            and counts.consortium_code = duplicates.consortium_code
    left join printed_counts
        on
            counts.round_id = printed_counts.round_id
            and counts.question_no = printed_counts.question_no
            and counts.consortium_code = printed_counts.consortium_code
    -- Another policy is another choice.
    left join suppressions
        on
            counts.round_id = suppressions.round_id
            and counts.question_no = suppressions.question_no
            and counts.consortium_code = suppressions.consortium_code
            and policy.minimum_base = suppressions.minimum_base
            and policy.protects_from_insiders = suppressions.protects_from_insiders
    where
        counts.consortium_code <> 'all'
        and not policy.has_consent
    window same as (
        partition by counts.round_id, counts.question_no, duplicates.has_spread_group, counts.rated > 0
    )

),

final as (

    select
        round_id,
        question_no,
        consortium_code,
        rated,
        green,
        amber,
        red,
        duplicates,
        safe_count,
        is_printed,
        has_spread_group,
        case
            when is_printed or rated = 0 then null
            when rated < minimum_base then 'small_base'
            -- Two ratings must remain possible for every committee after an attacker has subtracted its own.
            when
                cast(shared_green >= safe_count as integer)
                + cast(shared_amber >= safe_count as integer)
                + cast(shared_red >= safe_count as integer) < 2
                and not (
                    protects_from_insiders
                    and least(shared_green, shared_amber, shared_red) >= greatest(duplicates, 1)
                )
                then 'dominant_rating'
        end as primary_reason,
        shown_before,
        hid_rated_before
    from described

)

select * from final
