with

claims as (

    select * from {{ ref('int_claims') }}

),

described as (

    select
        round_id,
        question_no,
        claim_id,
        'claim ' || claim_id as subject,
        concat_ws(chr(31), expected, actual) as content,
        'The report says ' || coalesce(expected, '?') || '; the marts say ' || coalesce(actual, 'nothing') || '.'
            as detail
    from claims
    where
        verdict = 'disagrees'
        and is_hard

),

final as (

    select {{ finding_columns('claim_disagrees', id_subject='claim_id', about=['question_no']) }}
    from described

)

select * from final
