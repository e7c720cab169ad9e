-- Topics that most returns mention in their comments
select question_no, topic, returns, comments
from mart_comment_topic
where round_id in (select round_id from dim_round where is_latest)
order by returns desc, question_no, topic
limit 10
