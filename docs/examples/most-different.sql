-- The questions on which committees differ most
select question_no, short_reference, red, amber, green, polarisation, confidence_group
from mart_question_ranking
where round_id in (select round_id from dim_round where is_latest)
order by polarisation desc, question_no
limit 5
