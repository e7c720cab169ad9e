-- Returns that are identical to another
select committee_id, duplicate_of_committee_id, received_on, is_counted
from fct_return
where round_id in (select round_id from dim_round where is_latest) and duplicate_of_committee_id is not null
order by committee_id
