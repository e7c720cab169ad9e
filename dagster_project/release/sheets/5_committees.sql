-- sheet: Committees
-- table: mart_return_status
-- title: Invited committees and the status of their return
-- note on Same content as: duplicates
select
    dim_round.title as "Round",
    dim_consortium.consortium_name as "Consortium",
    status.committee_name as "Committee",
    replace(status.return_status, '_', ' ') as "Return",
    status.duplicate_of_committee_name as "Same content as"
from mart_return_status as status
inner join dim_round on status.round_id = dim_round.round_id
inner join dim_consortium on status.consortium_code = dim_consortium.consortium_code
order by dim_round.fieldwork_start desc, status.round_id, dim_consortium.consortium_name, status.committee_name
