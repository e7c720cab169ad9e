with

rounds as (

    select * from {{ ref('int_round_order') }}

),

questions as (

    select * from {{ ref('questions') }}

),

final as (

    select
        rounds.round_id,
        questions.*
    from rounds
    inner join questions
        on rounds.question_set = questions.question_set

)

select * from final
