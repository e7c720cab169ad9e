with

rounds as (

    select * from {{ ref('int_round_order') }}

),

final as (

    select
        ---------- ids
        round_id,
        previous_round_id,
        question_set,

        ---------- text
        title,

        ---------- dates
        fieldwork_start,
        fieldwork_end,
        closed_on,

        ---------- flags
        closed_on is null as is_provisional,
        is_illustrative
    from rounds

)

select * from final
