-- Returns by date, with their numbers of blanks
select received_on, committee_id, blank_ratings, source_file
from fct_return
where round_id in (select round_id from dim_round where is_latest) and return_status = 'returned'
order by received_on nulls last, committee_id
