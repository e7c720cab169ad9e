with

committees as (

    select * from {{ ref('int_committee_rounds') }}

),

authorities as (

    select
        round_id,
        committee_id,
        count(*) as local_authority_count
    from {{ ref('int_local_authority_rounds') }}
    group by round_id, committee_id

),

invitations as (

    select * from {{ ref('invitations') }}

),

predecessors as (

    select
        round_id,
        to_committee_id as committee_id,
        max(kind) as kind
    from {{ ref('committee_successions') }}
    group by round_id, to_committee_id

),

compared as (

    select
        committees.*,
        before.committee_name as name_before,
        before.consortium_code as consortium_before
    from committees
    left join committees as before
        on
            committees.committee_id = before.committee_id
            and committees.position = before.position + 1

)

select
    ---------- ids
    compared.round_id,
    compared.committee_id,
    compared.consortium_code,

    ---------- text
    compared.committee_name,

    ---------- counts
    cast(coalesce(authorities.local_authority_count, 0) as integer) as local_authority_count,

    ---------- flags
    invitations.committee_id is not null as is_invited,

    ---------- history
    case
        when compared.position = 1 then null
        when predecessors.kind is not null then predecessors.kind
        when compared.name_before is null then 'new'
        when compared.committee_name <> compared.name_before and compared.consortium_code <> compared.consortium_before
            then 'renamed and moved'
        when compared.committee_name <> compared.name_before then 'renamed'
        when compared.consortium_code <> compared.consortium_before then 'moved'
    end as change
from compared
left join authorities
    on
        compared.round_id = authorities.round_id
        and compared.committee_id = authorities.committee_id
left join invitations
    on
        compared.round_id = invitations.round_id
        and compared.committee_id = invitations.committee_id
left join predecessors
    on
        compared.round_id = predecessors.round_id
        and compared.committee_id = predecessors.committee_id
