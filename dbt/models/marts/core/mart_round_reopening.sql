with

reopenings as (

    select * from {{ ref('round_reopenings') }}

),

final as (

    select
        ---------- ids
        round_id,
        row_number() over (partition by round_id order by reopened_on asc, reason asc) as reopening_no,

        ---------- the decision
        reopened_on,
        reason,
        decided_by_role
    from reopenings

)

select * from final
