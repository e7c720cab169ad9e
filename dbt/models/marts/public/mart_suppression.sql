with

policy as (

    select * from {{ ref('int_disclosure_policy') }}

),

ranking as (

    select * from {{ ref('mart_consortium_ranking_public') }}

),

counted as (

    select
        round_id,
        3 * count(*) as consortium_counts,
        cast(
            sum(
                cast(green is null as integer) + cast(amber is null as integer) + cast(red is null as integer)
            ) as integer
        ) as suppressed_counts
    from ranking
    where
        rated > 0
        or suppressed_because is not null
    group by round_id

),

final as (

    select
        ---------- ids
        policy.round_id,

        ---------- the policy
        policy.minimum_base,
        policy.protects_from_insiders,
        policy.publishes_before_closing,
        policy.has_consent,
        policy.ratings_withheld_because,

        ---------- what it costs
        cast(coalesce(counted.consortium_counts, 0) as integer) as consortium_counts,
        coalesce(counted.suppressed_counts, 0) as suppressed_counts
    from policy
    left join counted
        on policy.round_id = counted.round_id

)

select * from final
