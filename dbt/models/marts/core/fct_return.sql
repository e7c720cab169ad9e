with

invitations as (

    select * from {{ ref('invitations') }}

),

returns as (

    select * from {{ ref('int_returns') }}

),

contents as (

    select * from {{ ref('int_return_contents') }}

),

duplicates as (

    select * from {{ ref('int_duplicate_returns') }}

),

decisions as (

    select * from {{ ref('int_decisions') }}
    where fault is null

),

rejected as (

    select distinct
        round_id,
        committee_id
    from returns
    where file_status = 'rejected'

),

effects as (

    select
        round_id,
        committee_id,
        bool_or(decision = 'set_aside') as is_set_aside,
        bool_or(decision = 'count_once') as is_counted_with_its_duplicate
    from decisions
    where check_name in ('duplicate_return', 'blank_return', 'outside_fieldwork')
    group by all

)

select
    ---------- ids
    invitations.round_id,
    invitations.committee_id,
    duplicates.duplicate_of_committee_id,
    returns.source_file,

    ---------- status
    case
        when returns.source_file is not null and not coalesce(effects.is_set_aside, false) then 'returned'
        when returns.source_file is not null or rejected.committee_id is not null then 'rejected'
        else 'not_returned'
    end as return_status,
    returns.source_file is not null
    and not coalesce(effects.is_set_aside, false)
    and not coalesce(effects.is_counted_with_its_duplicate, false) as is_counted,

    ---------- dates
    returns.received_on,

    ---------- counts
    cast(contents.blank_ratings as integer) as blank_ratings
from invitations
left join returns
    on
        invitations.round_id = returns.round_id
        and invitations.committee_id = returns.committee_id
        and returns.is_standing
left join contents
    on
        invitations.round_id = contents.round_id
        and invitations.committee_id = contents.committee_id
left join duplicates
    on
        invitations.round_id = duplicates.round_id
        and invitations.committee_id = duplicates.committee_id
left join rejected
    on
        invitations.round_id = rejected.round_id
        and invitations.committee_id = rejected.committee_id
left join effects
    on
        invitations.round_id = effects.round_id
        and invitations.committee_id = effects.committee_id
