-- The questions on which committees differ most
select question_no, short_reference, red, amber, green, polarisation, confidence_group
from mart_question_ranking
where round_id = '2016'
order by polarisation desc, question_no
limit 5
