with

rating_scale as (

    select * from {{ ref('rating_scale') }}

),

final as (

    select
        ---------- ids
        rating,

        ---------- text
        meaning,

        ---------- order
        sort_order
    from rating_scale

)

select * from final
