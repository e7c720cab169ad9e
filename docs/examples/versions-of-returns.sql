-- The file and the content of each return
select *
from fct_return_version
where round_id in (select round_id from dim_round where is_latest)
order by committee_id
limit 5
