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

counted_returns as (

    select * from {{ ref('int_counted_returns') }}

),

invited as (

    select distinct
        round_id,
        committee_id
    from invitations

),

rejected as (

    select distinct
        round_id,
        committee_id
    from returns
    where file_status = 'rejected'

),

final as (

    select
        invited.round_id,
        invited.committee_id,
        counted_returns.duplicate_of_committee_id,
        counted_returns.source_file,
        case
            when counted_returns.is_returned then 'returned'
            when counted_returns.source_file is not null or rejected.committee_id is not null then 'rejected'
            else 'not_returned'
        end as return_status,
        coalesce(counted_returns.is_counted, false) as is_counted,
        counted_returns.received_on,
        cast(contents.blank_ratings as integer) as blank_ratings
    from invited
    left join counted_returns
        on invited.round_id = counted_returns.round_id and invited.committee_id = counted_returns.committee_id
    left join contents
        on counted_returns.return_no = contents.return_no
    left join rejected
        on invited.round_id = rejected.round_id and invited.committee_id = rejected.committee_id

)

select * from final
