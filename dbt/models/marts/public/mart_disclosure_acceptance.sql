with

acceptances as (

    select * from {{ ref('disclosure_acceptances') }}

),

final as (

    select
        ---------- ids
        round_id,
        row_number() over (
            partition by round_id order by accepted_on asc, question_no asc, committee_id asc, reason asc
        ) as acceptance_no,

        ---------- the decision
        question_no,
        accepted_on,
        decided_by_role,
        reason
    from acceptances

)

select * from final
