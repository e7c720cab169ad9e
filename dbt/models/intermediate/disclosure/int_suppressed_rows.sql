with

choice as (

    select * from {{ ref('int_disclosure_choice') }}

),

candidates as (

    select * from {{ ref('int_disclosure_candidates') }}

),

disclosure_rows as (

    select * from {{ ref('int_disclosure_rows') }}

),

final as (

    select
        candidates.round_id,
        candidates.question_no,
        candidates.consortium_code,
        choice.shown_rating,
        coalesce(disclosure_rows.primary_reason, 'protects_another') as suppressed_because
    from choice
    inner join candidates
        on
            choice.round_id = candidates.round_id
            and choice.question_no = candidates.question_no
            and choice.first_place = candidates.first_place
            and choice.last_place = candidates.last_place
    inner join disclosure_rows
        on
            candidates.round_id = disclosure_rows.round_id
            and candidates.question_no = disclosure_rows.question_no
            and candidates.consortium_code = disclosure_rows.consortium_code

)

select * from final
