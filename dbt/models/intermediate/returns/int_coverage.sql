with

returns as (

    select * from {{ ref('int_return_statuses') }}

),

committees as (

    select * from {{ ref('int_committee_rounds') }}

),

authorities as (

    select * from {{ ref('int_local_authority_rounds') }}

),

-- All committees are one more area, so that consortia and the whole are counted alike.
of_areas as (

    select
        returns.*,
        committees.consortium_code
    from returns
    inner join committees
        on returns.round_id = committees.round_id and returns.committee_id = committees.committee_id
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
    from of_areas
    group by round_id, consortium_code

),

-- An authority counts once, also when several committees represent it.
covered as (

    select
        of_areas.round_id,
        of_areas.consortium_code,
        count(distinct authorities.local_authority_name) as local_authorities,
        count(distinct authorities.local_authority_name) filter (where of_areas.return_status = 'returned')
            as local_authorities_covered
    from of_areas
    inner join authorities
        on of_areas.round_id = authorities.round_id and of_areas.committee_id = authorities.committee_id
    group by of_areas.round_id, of_areas.consortium_code

),

final as (

    select
        counted.*,
        coalesce(covered.local_authorities, 0) as local_authorities,
        coalesce(covered.local_authorities_covered, 0) as local_authorities_covered
    from counted
    left join covered
        on counted.round_id = covered.round_id and counted.consortium_code = covered.consortium_code

)

select * from final
