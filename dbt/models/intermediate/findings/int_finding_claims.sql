with

claims as (

    select * from {{ ref('int_claims') }}

),

described as (

    select
        'claim_disagrees' as check_name,
        round_id,
        null as committee_id,
        question_no,
        null as source_file,
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

    select {{ finding_columns(id_subject='claim_id') }}
    from described

)

select * from final
