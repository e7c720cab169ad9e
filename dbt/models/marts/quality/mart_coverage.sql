with

returns as (

    select * from {{ ref('fct_return') }}

),

committees as (

    select * from {{ ref('dim_committee') }}

),

consortia as (

    select * from {{ ref('dim_consortium') }}

),

counted_by_consortium as (

    select
        returns.round_id,
        committees.consortium_code,
        count(*) as invited,
        count(*) filter (where returns.return_status = 'returned') as returned,
        count(*) filter (where returns.return_status = 'rejected') as rejected,
        count(*) filter (where returns.return_status = 'not_returned') as not_returned,
        count(*) filter (where returns.return_status = 'returned' and returns.duplicate_of_committee_id is null)
            as distinct_contents,
        sum(committees.local_authority_count) as local_authorities,
        coalesce(sum(committees.local_authority_count) filter (where returns.return_status = 'returned'), 0)
            as local_authorities_covered
    from returns
    inner join committees
        on returns.committee_id = committees.committee_id
    group by all

),

counted as (

    select * from counted_by_consortium
    union all
    select
        round_id,
        'all' as consortium_code,
        sum(invited) as invited,
        sum(returned) as returned,
        sum(rejected) as rejected,
        sum(not_returned) as not_returned,
        sum(distinct_contents) as distinct_contents,
        sum(local_authorities) as local_authorities,
        sum(local_authorities_covered) as local_authorities_covered
    from counted_by_consortium
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
    cast(counted.local_authorities as integer) as local_authorities,
    cast(counted.local_authorities_covered as integer) as local_authorities_covered
from counted
left join consortia
    on counted.consortium_code = consortia.consortium_code
