-- Problems found in the returns, and decisions
select title, severity, finding_status, decision, count(*) as findings
from mart_data_quality
where round_id in (select round_id from dim_round where is_latest)
group by title, severity, finding_status, decision
order by findings desc, title, decision
