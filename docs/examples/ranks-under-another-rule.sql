-- Ranks that would change by three places or more under green minus red
select question_no, short_reference, confidence_rank, rank_net, confidence_rank - rank_net as places_up
from mart_rank_robustness
where round_id in (select round_id from dim_round where is_latest) and abs(confidence_rank - rank_net) >= 3
order by abs(confidence_rank - rank_net) desc, question_no
