with

versions as (

    {{ in_each_round('committees', 'committee_id') }}

),

successions as (

    select * from {{ ref('committee_successions') }}

),

rounds as (

    select * from {{ ref('int_round_order') }}

),

-- A committee ends where others take its place, unless it is one of them itself.
endings as (

    select
        successions.from_committee_id as committee_id,
        min(rounds.position) as position
    from successions
    inner join rounds
        on successions.round_id = rounds.round_id
    group by successions.round_id, successions.from_committee_id
    having not bool_or(successions.to_committee_id = successions.from_committee_id)

)

select
    ---------- ids
    versions.round_id,
    versions.committee_id,
    versions.consortium_code,

    ---------- text
    versions.committee_name,

    ---------- order
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
