with

returns as (

    select * from {{ ref('fct_return') }}

),

committees as (

    select * from {{ ref('dim_committee_round') }}

),

consortia as (

    select * from {{ ref('dim_consortium') }}

),

authorities as (

    select * from {{ ref('int_local_authority_rounds') }}

),

-- All committees are the one more area, so that consortia and the whole are counted by the same lines.
placed as (

    select
        returns.*,
        committees.consortium_code
    from returns
    inner join committees
        on
            returns.round_id = committees.round_id
            and returns.committee_id = committees.committee_id
    union all
    select
        *,
        'all' as consortium_code
    from returns

),

counted as (

    select
        round_id,
        consortium_code,
        count(*) as invited,
        count(*) filter (where return_status = 'returned') as returned,
        count(*) filter (where return_status = 'rejected') as rejected,
        count(*) filter (where return_status = 'not_returned') as not_returned,
        count(*) filter (
            where return_status = 'returned' and is_counted and duplicate_of_committee_id is null
        ) as distinct_contents
    from placed
    group by all

),

-- An authority counts once, however many committees speak for it.
covered as (

    select
        placed.round_id,
        placed.consortium_code,
        count(distinct authorities.local_authority_name) as local_authorities,
        count(distinct authorities.local_authority_name) filter (where placed.return_status = 'returned')
            as local_authorities_covered
    from placed
    inner join authorities
        on
            placed.round_id = authorities.round_id
            and placed.committee_id = authorities.committee_id
    group by all

)

select
    ---------- ids
    counted.round_id,
    counted.consortium_code,
    coalesce(consortia.consortium_name, 'All consortia') as consortium_name,

    ---------- counts of committees
    cast(counted.invited as integer) as invited,
    cast(counted.returned as integer) as returned,
    cast(counted.rejected as integer) as rejected,
    cast(counted.not_returned as integer) as not_returned,
    cast(counted.distinct_contents as integer) as distinct_contents,

    ---------- counts of local authorities
    cast(coalesce(covered.local_authorities, 0) as integer) as local_authorities,
    cast(coalesce(covered.local_authorities_covered, 0) as integer) as local_authorities_covered
from counted
left join covered
    on
        counted.round_id = covered.round_id
        and counted.consortium_code = covered.consortium_code
left join consortia
    on counted.consortium_code = consortia.consortium_code
