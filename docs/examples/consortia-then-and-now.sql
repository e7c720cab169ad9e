-- Green ratings of a consortium in the round before and in the latest round
select consortium_name, short_reference, green_then, returns_then, green_now, returns_now
from mart_consortium_change
where round_id in (select round_id from dim_round where is_latest)
order by consortium_name, question_no
