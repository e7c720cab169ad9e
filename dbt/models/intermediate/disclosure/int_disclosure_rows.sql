with

counts as (

    select * from {{ ref('int_rating_counts') }}

),

policy as (

    select * from {{ ref('int_disclosure_policy') }}

),

group_sizes as (

    select * from {{ ref('int_duplicate_group_sizes') }}

),

printed_counts as (

    select * from {{ ref('int_printed_counts') }}

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
        policy.minimum_base,
        policy.protects_from_insiders,
        coalesce(group_sizes.largest_group, 1) as largest_group,
        -- A committee may subtract its own return, and with it those that are publicly identical.
        coalesce(group_sizes.largest_group, 1) + cast(policy.protects_from_insiders as integer) as safe_count,
        coalesce(printed_counts.printed_counts, 0) > 0 as is_printed
    from counts
    inner join policy
        on counts.round_id = policy.round_id
    left join group_sizes
        on
            counts.round_id = group_sizes.round_id
            and counts.consortium_code = group_sizes.consortium_code
    left join printed_counts
        on
            counts.round_id = printed_counts.round_id
            and counts.question_no = printed_counts.question_no
            and counts.consortium_code = printed_counts.consortium_code
    where
        counts.consortium_code <> 'all'
        and not policy.has_consent

),

-- Two ratings that remain possible for every committee after an attacker has subtracted its own.
measured as (

    select
        *,
        cast(green >= safe_count as integer)
        + cast(amber >= safe_count as integer)
        + cast(red >= safe_count as integer) >= 2
        or (protects_from_insiders and least(green, amber, red) >= largest_group) as is_mixed
    from described

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
        safe_count,
        is_printed,
        case
            when is_printed or rated = 0 then null
            when rated < minimum_base then 'small_base'
            when not is_mixed then 'dominant_rating'
        end as primary_reason
    from measured

)

select * from final
