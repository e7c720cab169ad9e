with

rounds as (

    select * from {{ ref('rounds') }}

),

retention as (

    select * from {{ ref('round_retention') }}

),

purges as (

    select * from {{ ref('round_purges') }}

),

final as (

    select
        ---------- ids
        rounds.round_id,

        ---------- dates
        retention.texts_kept_until,
        purges.purged_on,

        ---------- the decision
        purges.decided_by_role
    from rounds
    left join retention
        on rounds.round_id = retention.round_id
    left join purges
        on rounds.round_id = purges.round_id

)

select * from final
