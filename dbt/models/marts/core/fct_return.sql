with

returns as (

    select * from {{ ref('int_return_statuses') }}

),

final as (

    select
        ---------- ids
        round_id,
        committee_id,
        duplicate_of_committee_id,
        source_file,

        ---------- status
        return_status,
        is_counted,

        ---------- dates
        received_on,

        ---------- counts
        blank_ratings
    from returns

)

select * from final
