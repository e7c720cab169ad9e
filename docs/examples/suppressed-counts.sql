-- How many counts of consortia are suppressed?
select round_id, suppressed_counts, consortium_counts
from mart_suppression
order by round_id
