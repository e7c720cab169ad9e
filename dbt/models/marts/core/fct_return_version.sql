with

versions as (

    select * from {{ ref('int_return_versions') }}

),

final as (

    select
        ---------- ids
        round_id,
        committee_id,
        source_file,

        ---------- the file
        sha256,
        return_change = 'gone' as is_withdrawn
    from versions

)

select * from final
