-- Ranks in the round before and in the latest round, among comparable questions
select short_reference, compared_rank_then, compared_rank_now, places_gained
from mart_round_change
where round_id in (select round_id from dim_round where is_latest)
order by places_gained desc, question_no
