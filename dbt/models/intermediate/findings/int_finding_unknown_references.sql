with

invitations as (

    select * from {{ ref('invitations') }}

),

successions as (

    select * from {{ ref('committee_successions') }}

),

rounds as (

    select * from {{ ref('int_round_order') }}

),

committees as (

    select * from {{ ref('int_committee_rounds') }}

),

latest as (

    select max_by(round_id, position) as round_id from rounds

),

faults as (

    select
        -- A fault without a round of its own is shown with the latest round.
        coalesce(rounds.round_id, latest.round_id) as round_id,
        'invitation of ' || invitations.committee_id || ' to ' || invitations.round_id as subject,
        case
            when rounds.round_id is null then 'invitations.csv names a round that rounds.csv does not have.'
            else 'invitations.csv names a committee that does not exist in that round.'
        end as detail
    from invitations
    cross join latest
    left join rounds
        on invitations.round_id = rounds.round_id
    left join committees
        on invitations.round_id = committees.round_id and invitations.committee_id = committees.committee_id
    where
        rounds.round_id is null
        or committees.committee_id is null
    union all
    select
        latest.round_id,
        successions.from_committee_id || ' to ' || successions.to_committee_id as subject,
        'committee_successions.csv names a '
        || case
            when rounds.previous_round_id is null then 'round that rounds.csv does not have, or the first one'
            when origins.committee_id is null
                then 'committee that did not exist in round ' || rounds.previous_round_id
            else 'committee that does not exist from round ' || rounds.round_id
        end || '.' as detail
    from successions
    cross join latest
    left join rounds
        on successions.round_id = rounds.round_id
    left join committees as origins
        on rounds.previous_round_id = origins.round_id and successions.from_committee_id = origins.committee_id
    left join committees as heirs
        on rounds.round_id = heirs.round_id and successions.to_committee_id = heirs.committee_id
    where
        origins.committee_id is null
        or heirs.committee_id is null

),

final as (

    select {{ finding_columns('registry_fault', content='detail', about=[]) }}
    from faults

)

select * from final
