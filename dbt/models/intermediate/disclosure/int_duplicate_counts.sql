with

returns as (

    select * from {{ ref('int_return_statuses') }}

),

committees as (

    select * from {{ ref('int_committee_rounds') }}

),

grouped as (

    select
        round_id,
        committee_id,
        coalesce(duplicate_of_committee_id, committee_id) as original_committee_id
    from returns
    where return_status = 'returned'

),

sized as (

    select
        grouped.round_id,
        grouped.original_committee_id,
        committees.consortium_code,
        count(*) over same_return as group_size,
        min(committees.consortium_code) over same_return
        <> max(committees.consortium_code) over same_return as is_spread
    from grouped
    inner join committees
        on
            grouped.round_id = committees.round_id
            and grouped.committee_id = committees.committee_id
    window same_return as (partition by grouped.round_id, grouped.original_committee_id)

),

groups as (

    select distinct
        round_id,
        consortium_code,
        original_committee_id,
        group_size,
        is_spread
    from sized

),

final as (

    select
        round_id,
        consortium_code,
        coalesce(sum(group_size) filter (where group_size > 1), 0) as duplicates,
        bool_or(is_spread) as has_spread_group
    from groups
    group by round_id, consortium_code

)

select * from final
