-- Ratings of single committees that may become public
select *
from mart_disclosure_acceptance
order by round_id, acceptance_no
