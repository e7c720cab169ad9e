with

invitations as (

    select distinct * from {{ ref('invitations') }}

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

near_duplicates as (

    select * from {{ ref('int_near_duplicate_returns') }}

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

-- A decision binds the file that it was made about, never another one of the same committee.
effects as (

    select
        round_id,
        source_file,
        bool_or(decision = 'set_aside') as is_set_aside,
        bool_or(decision = 'count_once' and check_name = 'duplicate_return') as is_duplicate_counted_once,
        bool_or(decision = 'count_once' and check_name = 'near_duplicate') as is_near_duplicate_counted_once
    from decisions
    where source_file is not null
    group by all

),

placed as (

    select
        invitations.round_id,
        invitations.committee_id,
        returns.source_file,
        returns.received_on,
        contents.blank_ratings,
        returns.source_file is not null and not coalesce(effects.is_set_aside, false) as is_returned,
        rejected.committee_id is not null as is_rejected,
        coalesce(effects.is_duplicate_counted_once, false) as is_duplicate_counted_once,
        coalesce(effects.is_near_duplicate_counted_once, false) as is_near_duplicate_counted_once,
        coalesce(duplicates.duplicate_of_committee_id, invitations.committee_id) as same_content
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
            returns.round_id = effects.round_id
            and returns.source_file = effects.source_file

),

-- Most returns are like no other: only the others are put in an order.
repeated as (

    select
        round_id,
        duplicate_of_committee_id as committee_id
    from duplicates
    union
    select
        round_id,
        committee_id
    from near_duplicates
    union
    select
        round_id,
        near_duplicate_of_committee_id as committee_id
    from near_duplicates

),

-- Of returns with one content, or nearly one, the first that is not set aside stands for the others.
represented as (

    select
        placed.round_id,
        placed.committee_id,
        first_value(placed.committee_id) over (
            partition by placed.round_id, placed.same_content
            order by placed.is_returned desc, placed.received_on asc nulls last, placed.committee_id asc
        ) as first_of_content,
        first_value(placed.committee_id) over (
            partition by
                placed.round_id, coalesce(near_duplicates.near_duplicate_of_committee_id, placed.same_content)
            order by placed.is_returned desc, placed.received_on asc nulls last, placed.committee_id asc
        ) as first_of_near_content
    from placed
    inner join repeated
        on
            placed.round_id = repeated.round_id
            and placed.same_content = repeated.committee_id
    left join near_duplicates
        on
            placed.round_id = near_duplicates.round_id
            and placed.same_content = near_duplicates.committee_id

),

standing as (

    select
        placed.*,
        coalesce(represented.first_of_content, placed.committee_id) as first_of_content,
        coalesce(represented.first_of_near_content, placed.committee_id) as first_of_near_content
    from placed
    left join represented
        on
            placed.round_id = represented.round_id
            and placed.committee_id = represented.committee_id

)

select
    ---------- ids
    round_id,
    committee_id,
    case when is_returned and first_of_content <> committee_id then first_of_content end as duplicate_of_committee_id,
    source_file,

    ---------- status
    case
        when is_returned then 'returned'
        when source_file is not null or is_rejected then 'rejected'
        else 'not_returned'
    end as return_status,
    is_returned
    and not (is_duplicate_counted_once and first_of_content <> committee_id)
    and not (is_near_duplicate_counted_once and first_of_near_content <> committee_id) as is_counted,

    ---------- dates
    received_on,

    ---------- counts
    cast(blank_ratings as integer) as blank_ratings
from standing
