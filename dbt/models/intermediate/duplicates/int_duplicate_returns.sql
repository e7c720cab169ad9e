with

contents as (

    select * from {{ ref('int_return_contents') }}

),

returns as (

    select * from {{ ref('int_returns') }}

),

-- Most returns are like no other: only the others are put in an order.
repeated as (

    select
        round_id,
        content_key
    from contents
    where is_distinctive
    group by round_id, content_key
    having count(*) > 1

),

-- Two empty templates have nothing in common but their emptiness, which is a finding of its own, and two short
-- returns that are green throughout nothing but that.
groups as (

    select
        contents.return_no,
        contents.round_id,
        contents.committee_id,
        first_value(contents.committee_id) over (
            partition by contents.round_id, contents.content_key
            order by returns.received_on nulls last, contents.committee_id
        ) as first_committee_id
    from contents
    inner join repeated
        on
            contents.round_id = repeated.round_id
            and contents.content_key = repeated.content_key
    inner join returns
        on contents.return_no = returns.return_no
    where contents.is_distinctive

)

select
    ---------- ids
    return_no,
    round_id,
    committee_id,
    first_committee_id as duplicate_of_committee_id
from groups
where committee_id <> first_committee_id
