with

consortia as (

    select * from {{ ref('consortia') }}

),

final as (

    select
        ---------- ids
        consortium_code,

        ---------- text
        consortium_name
    from consortia

)

select * from final
