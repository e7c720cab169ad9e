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
        *,
        count(*) over (partition by round_id, original_committee_id) as group_size
    from grouped

),

final as (

    select
        sized.round_id,
        committees.consortium_code,
        max(sized.group_size) as largest_group
    from sized
    inner join committees
        on
            sized.round_id = committees.round_id
            and sized.committee_id = committees.committee_id
    group by sized.round_id, committees.consortium_code

)

select * from final
