-- Ranks that a single return changes most
select question_no, short_reference, confidence_rank, best_rank_left_out, worst_rank_left_out
from mart_rank_robustness
where round_id in (select round_id from dim_round where is_latest)
order by worst_rank_left_out - best_rank_left_out desc, confidence_rank, question_no
limit 5
