with

metrics as (

    select * from {{ ref('claim_metrics') }}

),

final as (

    select
        ---------- ids
        metric,

        ---------- text
        definition,
        unit
    from metrics
    -- A metric of one committee, section or topic has it in its name. Other tables have these figures.
    where metric not like '%<%'

)

select * from final
