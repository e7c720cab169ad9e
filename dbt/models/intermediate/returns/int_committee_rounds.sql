with

committees as (

    select * from {{ ref('committees') }}

),

successions as (

    select * from {{ ref('committee_successions') }}

),

rounds as (

    select * from {{ ref('int_round_order') }}

),

versions as (

    {{ in_each_round('committees', 'rounds', 'committee_id') }}

),

-- A committee ends in the round in which others succeed it, unless it is one of them itself.
endings as (

    select
        successions.from_committee_id as committee_id,
        min(rounds.position) as position
    from successions
    inner join rounds
        on successions.round_id = rounds.round_id
    group by successions.round_id, successions.from_committee_id
    having not bool_or(successions.to_committee_id = successions.from_committee_id)

),

final as (

    select
        versions.round_id,
        versions.committee_id,
        versions.consortium_code,
        versions.committee_name,
        versions.position
    from versions
    where
        not exists (
            select 1
            from endings
            where
                endings.committee_id = versions.committee_id
                and endings.position > versions.from_position
                and endings.position <= versions.position
        )

)

select * from final
