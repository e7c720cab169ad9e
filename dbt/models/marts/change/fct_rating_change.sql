with

changes as (

    select * from {{ ref('int_rating_changes') }}

),

final as (

    select
        ---------- ids
        round_id,
        previous_round_id,
        question_no,
        question_key,
        committee_id,
        consortium_code,

        ---------- ratings
        rating_then,
        rating_now,

        ---------- change
        movement
    from changes

)

select * from final
