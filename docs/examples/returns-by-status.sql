-- Committees without a return
select committee_name, consortium_code, return_status
from mart_return_status
where round_id in (select round_id from dim_round where is_latest) and return_status <> 'returned'
order by committee_name
