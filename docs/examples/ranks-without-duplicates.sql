-- Which ranks would change without the duplicates?
select question_no, short_reference, confidence_rank, rank_duplicates_once
from mart_rank_robustness
where round_id in (select round_id from dim_round where is_latest) and rank_duplicates_once is distinct from confidence_rank
order by confidence_rank, question_no
