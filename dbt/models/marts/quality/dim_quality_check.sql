with

checks as (

    select * from {{ ref('quality_checks') }}

),

final as (

    select
        ---------- ids
        check_name,

        ---------- what it does to a release
        severity,
        blocks,

        ---------- text
        title,
        protects,
        mended_by,
        how_to_mend,
        nullif(replace(decisions, '|', ', '), '') as decisions
    from checks

)

select * from final
