-- Local authorities whose committee sent no return
select local_authority_name, committee_name, consortium_code
from mart_return_status
inner join dim_local_authority_round using (round_id, committee_id)
where round_id in (select round_id from dim_round where is_latest) and return_status = 'not_returned'
order by local_authority_name
