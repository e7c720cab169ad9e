with

claims as (

    select * from {{ ref('mart_claim_check') }}

)

select
    {{ finding_id("'claim_disagrees'", 'round_id', 'claim_id', "concat_ws(chr(31), expected, actual)") }} as finding_id,
    'claim_disagrees' as check_name,
    round_id,
    cast(null as string) as committee_id,
    question_no,
    cast(null as string) as source_file,
    'claim ' || claim_id as subject,
    'The report says ' || coalesce(expected, '?') || '; the marts say ' || coalesce(actual, 'nothing') || '.' as detail
from claims
where
    verdict = 'disagrees'
    and is_hard
