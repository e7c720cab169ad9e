with

committees as (

    select * from {{ ref('int_committee_rounds') }}

),

authority_counts as (

    select * from {{ ref('int_local_authority_counts') }}

),

invitations as (

    select * from {{ ref('invitations') }}

),

successions as (

    select * from {{ ref('committee_successions') }}

),

invited as (

    select distinct
        round_id,
        committee_id
    from invitations

),

predecessors as (

    select
        round_id,
        to_committee_id as committee_id,
        max(kind) as kind
    from successions
    group by round_id, to_committee_id

),

final as (

    select
        ---------- ids
        committees.round_id,
        committees.committee_id,
        committees.consortium_code,

        ---------- text
        committees.committee_name,

        ---------- counts
        cast(coalesce(authority_counts.local_authority_count, 0) as integer) as local_authority_count,

        ---------- flags
        invited.committee_id is not null as is_invited,

        ---------- history
        case
            when committees.position = 1 then null
            when predecessors.kind is not null then predecessors.kind
            when before.committee_name is null then 'new'
            when
                committees.committee_name <> before.committee_name
                and committees.consortium_code <> before.consortium_code
                then 'renamed and moved'
            when committees.committee_name <> before.committee_name then 'renamed'
            when committees.consortium_code <> before.consortium_code then 'moved'
        end as change
    from committees
    left join committees as before
        on
            committees.committee_id = before.committee_id
            and committees.position = before.position + 1
    left join authority_counts
        on
            committees.round_id = authority_counts.round_id
            and committees.committee_id = authority_counts.committee_id
    left join invited
        on committees.round_id = invited.round_id and committees.committee_id = invited.committee_id
    left join predecessors
        on committees.round_id = predecessors.round_id and committees.committee_id = predecessors.committee_id

)

select * from final
