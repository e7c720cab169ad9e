-- sheet: How sure
-- table: mart_rank_robustness
-- title: The rank of each question with other returns, other treatments of blanks, or another rule
-- note on Rank: rank
-- note on Best, one return left out: left_out
-- note on Worst, one return left out: left_out
-- note on Best, resampled: resampled
-- note on Worst, resampled: resampled
-- note on Duplicates once: duplicates
-- note on Suppressed: suppressed
-- note on Without estimates: blank
select
    dim_round.title as "Round",
    robustness.question_no as "Question number",
    robustness.short_reference as "Question",
    robustness.confidence_rank as "Rank",
    robustness.best_rank_left_out as "Best, one return left out",
    robustness.worst_rank_left_out as "Worst, one return left out",
    robustness.best_rank_resampled as "Best, resampled",
    robustness.worst_rank_resampled as "Worst, resampled",
    robustness.rank_duplicates_once as "Duplicates once",
    if(robustness.suppressed_because is null, 'no', 'yes') as "Suppressed",
    robustness.rank_reported_only as "Without estimates",
    robustness.rank_blank_red as "Blanks as red",
    robustness.rank_blank_green as "Blanks as green",
    robustness.rank_net as "Green minus red",
    robustness.rank_mean_score as "Mean score",
    robustness.rank_green_alone as "Green alone",
    robustness.rank_red_alone as "Red alone"
from mart_rank_robustness as robustness
inner join dim_round on robustness.round_id = dim_round.round_id
order by
    dim_round.fieldwork_start desc, robustness.round_id, robustness.confidence_rank nulls last, robustness.question_no
