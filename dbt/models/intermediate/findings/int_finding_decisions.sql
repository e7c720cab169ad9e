with

decisions as (

    select * from {{ ref('int_decisions') }}

),

worded as (

    select
        *,
        concat_ws(
            chr(31), decision, coalesce(estimated_rating, ''), coalesce(reason, ''), coalesce(decided_by_role, ''),
            decided_on
        ) as content
    from decisions

),

-- The text of the rows is the content: a row that is changed and still at fault is a new finding.
final as (

    select
        concat_ws(':', fault, finding_id, left(md5({{ joined('content', 'chr(30)', 'content') }}), 8)) as finding_id,
        fault as check_name,
        coalesce(max(round_id), split_part(finding_id, ':', 2)) as round_id,
        max(committee_id) as committee_id,
        max(question_no) as question_no,
        cast(null as string) as source_file,
        finding_id as subject,
        case fault
            when 'stale_decision' then 'The register decides a finding that no longer exists.'
            when 'contradictory_decision' then 'The register holds more than one decision for this finding.'
            else 'The decision lacks a reason, a role or a date, or is not one that this check allows.'
        end as detail
    from worded
    where fault is not null
    group by fault, finding_id

)

select * from final
