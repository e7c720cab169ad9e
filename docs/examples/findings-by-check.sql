-- Findings of the checks and the decisions on them
select check_name, title, findings, decision, decided_by_role
from mart_data_quality_summary
where round_id in (select round_id from dim_round where is_latest)
order by findings desc, check_name, decision
