with

coverage as (

    select * from {{ ref('int_coverage') }}

),

consortia as (

    select * from {{ ref('dim_consortium') }}

),

final as (

    select
        ---------- ids
        coverage.round_id,
        coverage.consortium_code,
        coalesce(consortia.consortium_name, 'All consortia') as consortium_name,

        ---------- counts of committees
        cast(coverage.invited as integer) as invited,
        cast(coverage.returned as integer) as returned,
        cast(coverage.rejected as integer) as rejected,
        cast(coverage.not_returned as integer) as not_returned,
        cast(coverage.distinct_contents as integer) as distinct_contents,

        ---------- counts of local authorities
        cast(coverage.local_authorities as integer) as local_authorities,
        cast(coverage.local_authorities_covered as integer) as local_authorities_covered
    from coverage
    left join consortia
        on coverage.consortium_code = consortia.consortium_code

)

select * from final
