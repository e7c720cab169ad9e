with

decisions as (

    select * from {{ ref('int_decisions') }}

)

select
    concat_ws(':', fault, finding_id) as finding_id,
    fault as check_name,
    coalesce(max(round_id), split_part(finding_id, ':', 2)) as round_id,
    max(committee_id) as committee_id,
    max(question_no) as question_no,
    cast(null as varchar) as source_file,
    finding_id as subject,
    case fault
        when 'stale_decision' then 'The register decides a finding that no longer exists.'
        when 'contradictory_decision' then 'The register holds more than one decision for this finding.'
        else 'The decision lacks a reason, a role or a date, or is not one that this check allows.'
    end as detail
from decisions
where fault is not null
group by fault, finding_id
