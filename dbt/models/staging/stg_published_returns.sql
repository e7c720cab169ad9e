with

source as (

    select * from {{ source('raw', 'published_return') }}

),

final as (

    select
        ---------- ids
        release_id,
        round_id,
        committee_id,
        source_file,

        ---------- the file
        sha256,
        is_withdrawn,

        ---------- the round
        closed_on,
        times_reopened
    from source

)

select * from final
