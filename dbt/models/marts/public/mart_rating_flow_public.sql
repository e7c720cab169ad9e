with

flows as (

    select * from {{ ref('mart_rating_flow') }}

),

questions as (

    select * from {{ ref('mart_round_change_public') }}

),

final as (

    select flows.*
    from flows
    inner join questions
        on flows.round_id = questions.round_id and flows.question_no = questions.question_no
    where not questions.is_withheld

)

select * from final
