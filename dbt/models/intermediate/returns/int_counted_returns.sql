with

returns as (

    select * from {{ ref('int_returns') }}

),

duplicates as (

    select * from {{ ref('int_duplicate_returns') }}

),

near_duplicates as (

    select * from {{ ref('int_near_duplicate_returns') }}

),

decisions as (

    select * from {{ ref('int_return_decisions') }}

),

standing as (

    select
        returns.*,
        not coalesce(decisions.is_set_aside, false) as is_returned,
        coalesce(decisions.is_duplicate_counted_once, false) as is_duplicate_counted_once,
        coalesce(decisions.is_near_duplicate_counted_once, false) as is_near_duplicate_counted_once,
        coalesce(duplicates.duplicate_of_committee_id, returns.committee_id) as same_content
    from returns
    left join duplicates
        on returns.return_no = duplicates.return_no
    left join decisions
        on returns.round_id = decisions.round_id and returns.source_file = decisions.source_file
    where returns.is_standing

),

-- Most returns are like no other: only the others are put in order.
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

-- Of returns with the same content, or nearly the same, the first that is not set aside represents the others.
represented as (

    select
        standing.return_no,
        first_value(standing.committee_id) over (
            partition by standing.round_id, standing.same_content
            order by standing.is_returned desc, standing.received_on asc nulls last, standing.committee_id asc
        ) as first_of_content,
        first_value(standing.committee_id) over (
            partition by
                standing.round_id, coalesce(near_duplicates.near_duplicate_of_committee_id, standing.same_content)
            order by standing.is_returned desc, standing.received_on asc nulls last, standing.committee_id asc
        ) as first_of_near_content
    from standing
    inner join repeated
        on standing.round_id = repeated.round_id and standing.same_content = repeated.committee_id
    left join near_duplicates
        on standing.round_id = near_duplicates.round_id and standing.same_content = near_duplicates.committee_id

),

final as (

    select
        standing.round_id,
        standing.committee_id,
        standing.return_no,
        standing.source_file,
        standing.received_on,
        case
            when standing.is_returned and represented.first_of_content <> standing.committee_id
                then represented.first_of_content
        end as duplicate_of_committee_id,
        standing.is_returned,
        standing.is_returned
        and not coalesce(
            standing.is_duplicate_counted_once and represented.first_of_content <> standing.committee_id, false
        )
        and not coalesce(
            standing.is_near_duplicate_counted_once and represented.first_of_near_content <> standing.committee_id,
            false
        ) as is_counted
    from standing
    left join represented
        on standing.return_no = represented.return_no

)

select * from final
