with

ratings as (

    select * from {{ ref('int_ratings') }}

),

final as (

    select
        ---------- ids
        round_id,
        committee_id,
        question_no,

        ---------- ratings
        reported_rating,
        resolved_rating,
        rating_status,

        ---------- flags
        has_comment,
        is_duplicate,
        is_counted
    from ratings

)

select * from final
