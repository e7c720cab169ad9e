with

contents as (

    select * from {{ ref('int_return_contents') }}

),

returns as (

    select * from {{ ref('int_returns') }}

),

-- Two empty templates have nothing in common but their emptiness, which is a finding of its own, and two short
-- returns that are green throughout nothing but that.
groups as (

    select
        contents.round_id,
        contents.committee_id,
        contents.content_hash,
        first_value(contents.committee_id) over (
            partition by contents.round_id, contents.content_hash
            order by returns.received_on nulls last, contents.committee_id
        ) as first_committee_id
    from contents
    inner join returns
        on
            contents.round_id = returns.round_id
            and contents.source_file = returns.source_file
    where contents.is_distinctive

)

select
    ---------- ids
    round_id,
    committee_id,
    first_committee_id as duplicate_of_committee_id,

    ---------- content
    content_hash
from groups
where committee_id <> first_committee_id
