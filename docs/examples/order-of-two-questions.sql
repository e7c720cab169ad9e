-- How often does one question rank above another in resamples?
select short_reference, other_short_reference, above_share, equal_share, below_share, has_clear_order
from mart_rank_pair
where round_id in (select round_id from dim_round where is_latest) and question_no = 1 and other_question_no in (2, 3, 4)
order by other_question_no
