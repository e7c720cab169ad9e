-- Questions that are red in most returns of a consortium
select consortium_name, question_no, short_reference, red, returns, red_share
from mart_consortium_ranking
where round_id in (select round_id from dim_round where is_latest) and red_share > 0.5 and not is_small_base
order by red_share desc, consortium_name, question_no
