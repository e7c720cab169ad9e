-- Questions with more than half amber
select question_no, short_reference, amber, amber_share
from mart_question_ranking
where round_id in (select round_id from dim_round where is_latest) and amber_share > 0.5
order by amber_share desc, question_no
