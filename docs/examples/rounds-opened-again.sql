-- Closed rounds that were opened again
select *
from mart_round_reopening
order by round_id, reopening_no
