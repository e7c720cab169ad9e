-- The five most confident questions
select confidence_rank, is_joint, question_no, short_reference, green, red
from mart_question_ranking
where round_id in (select round_id from dim_round where is_latest)
order by confidence_rank, question_no
limit 5
