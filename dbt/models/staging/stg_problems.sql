with

source as (

    select * from {{ source('raw', 'problem') }}

),

final as (

    select
        ---------- ids
        round_id,
        source_file,

        ---------- where
        sheet,
        cell,

        ---------- what
        code as problem_code,
        severity as problem_severity,
        message,
        remedy
    from source

)

select * from final
