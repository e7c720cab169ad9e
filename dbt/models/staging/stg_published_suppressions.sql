with

source as (

    select * from {{ source('raw', 'published_suppression') }}

),

final as (

    select
        ---------- ids
        round_id,
        question_no,
        consortium_code,

        ---------- the policy
        minimum_base,
        protects_from_insiders,

        ---------- the suppressed counts
        shown_rating,
        hides_rated
    from source

)

select * from final
