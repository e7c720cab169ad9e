-- Until when returned files and comments are kept
select *
from mart_round_retention
order by round_id
