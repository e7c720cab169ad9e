-- Returns by date, with the blanks they left
select received_on, committee_id, blank_ratings, source_file
from fct_return
where round_id = '2016' and return_status = 'returned'
order by received_on nulls last, committee_id
