-- Ranks that a single return changes most
select question_no, short_reference, confidence_rank, lowest_rank, highest_rank
from mart_rank_robustness
where round_id = '2016'
order by highest_rank - lowest_rank desc, confidence_rank, question_no
limit 5
