with

problem_codes as (

    select * from {{ ref('problem_codes') }}

),

final as (

    select
        ---------- ids
        code as problem_code,

        ---------- what it does to the file
        severity,

        ---------- text
        title,
        explanation,
        remedy
    from problem_codes

)

select * from final
