with

rounds as (

    select * from {{ ref('rounds') }}

),

-- Rounds follow each other by the start of their fieldwork, independent of their names.
final as (

    select
        *,
        row_number() over (order by fieldwork_start asc, round_id asc) as position,
        lag(round_id) over (order by fieldwork_start asc, round_id asc) as previous_round_id,
        lag(question_set) over (order by fieldwork_start asc, round_id asc) as previous_question_set
    from rounds

)

select * from final
