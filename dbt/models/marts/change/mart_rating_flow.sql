with

changes as (

    select * from {{ ref('fct_rating_change') }}

),

questions as (

    select * from {{ ref('mart_round_change') }}

),

final as (

    select
        ---------- ids
        changes.round_id,
        questions.previous_round_id,
        changes.question_no,
        questions.question_key,
        questions.short_reference,
        changes.rating_then,
        changes.rating_now,

        ---------- count
        cast(count(*) as integer) as committees
    from changes
    inner join questions
        on changes.round_id = questions.round_id and changes.question_no = questions.question_no
    where
        changes.movement in ('up', 'same', 'down')
        and not questions.is_withheld
    group by all

)

select * from final
