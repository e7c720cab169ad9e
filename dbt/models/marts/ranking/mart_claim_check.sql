with

claims as (

    select * from {{ ref('int_claims') }}

),

final as (

    select
        ---------- ids
        claim_id,
        round_id,

        ---------- the claim
        section,
        paraphrase,
        metric,
        question_no,
        consortium_code,
        rating,
        is_hard,

        ---------- how it compares
        expected,
        actual,
        verdict,

        ---------- in words
        note
    from claims

)

select * from final
