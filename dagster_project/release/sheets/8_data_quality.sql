-- sheet: Data quality
-- table: mart_data_quality_summary
-- title: Findings of the checks on the returns, and the decisions on them
select
    dim_round.title as "Round",
    summary.title as "Check",
    summary.findings as "Findings",
    summary.subjects as "About",
    replace(summary.decision, '_', ' ') as "Decision",
    summary.decided_by_role as "Decided by",
    summary.reason as "Reason",
    summary.explanation as "What the check protects"
from mart_data_quality_summary as summary
inner join dim_round on summary.round_id = dim_round.round_id
order by dim_round.fieldwork_start desc, summary.round_id, summary.check_name, summary.decision, summary.subjects
