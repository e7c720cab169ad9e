with

committees as (

    select * from {{ ref('int_committee_rounds') }}

),

successions as (

    select * from {{ ref('committee_successions') }}

),

rounds as (

    select * from {{ ref('int_round_order') }}

),

-- The committees that a committee succeeded, or itself.
linked as (

    select
        committees.round_id,
        committees.committee_id,
        coalesce(successions.from_committee_id, committees_before.committee_id) as previous_committee_id
    from committees
    inner join rounds
        on committees.round_id = rounds.round_id
    left join successions
        on committees.round_id = successions.round_id and committees.committee_id = successions.to_committee_id
    left join committees as committees_before
        on
            rounds.previous_round_id = committees_before.round_id
            and committees.committee_id = committees_before.committee_id

),

final as (

    select
        *,
        count(*) over (partition by round_id, committee_id) as predecessors
    from linked
    where previous_committee_id is not null

)

select * from final
