-- Questions that change group most easily when one return is left out
select short_reference, confidence_group, left_out_high_share, left_out_medium_share, left_out_low_share
from mart_group_stability
where round_id in (select round_id from dim_round where is_latest)
order by greatest(left_out_high_share, left_out_medium_share, left_out_low_share), confidence_rank, question_no
limit 5
