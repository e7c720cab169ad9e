with

committees as (

    select * from {{ ref('int_committee_rounds') }}

),

authority_counts as (

    select * from {{ ref('int_local_authority_counts') }}

),

rounds as (

    select * from {{ ref('int_round_order') }}

),

latest_round as (

    select max(position) as position from rounds

),

latest as (

    select *
    from committees
    qualify row_number() over (partition by committee_id order by position desc) = 1

),

-- A committee that has ended is shown as it was in its last round.
final as (

    select
        ---------- ids
        latest.committee_id,
        latest.consortium_code,

        ---------- text
        latest.committee_name,

        ---------- counts
        cast(coalesce(authority_counts.local_authority_count, 0) as integer) as local_authority_count,

        ---------- history
        latest.round_id as last_round_id,
        latest.position = latest_round.position as is_current
    from latest
    cross join latest_round
    left join authority_counts
        on latest.round_id = authority_counts.round_id and latest.committee_id = authority_counts.committee_id

)

select * from final
