-- sheet: Groups
-- table: mart_group_stability
-- title: How often each question falls into each group if one return is left out, and in resamples
-- note on Rank: rank
-- note on Confidence: group
-- note on High, one return left out: stability
-- note on High, resampled: stability
select
    dim_round.title as "Round",
    stability.confidence_rank as "Rank",
    stability.question_no as "Question number",
    stability.short_reference as "Question",
    stability.confidence_group as "Confidence",
    stability.left_out_high_share as "High, one return left out",
    stability.left_out_medium_share as "Medium, one return left out",
    stability.left_out_low_share as "Low, one return left out",
    stability.resample_high_share as "High, resampled",
    stability.resample_medium_share as "Medium, resampled",
    stability.resample_low_share as "Low, resampled"
from mart_group_stability as stability
inner join dim_round on stability.round_id = dim_round.round_id
order by
    dim_round.fieldwork_start desc, stability.round_id, stability.confidence_rank nulls last, stability.question_no
