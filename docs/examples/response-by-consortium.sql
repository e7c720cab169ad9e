-- Share of invited committees that sent a return
select consortium_name, invited, returned, returned / invited as returned_share
from mart_coverage
where round_id in (select round_id from dim_round where is_latest) and consortium_code <> 'all'
order by returned_share desc, consortium_name
