-- What the ranks of each round rest on
select dim_round.title, returns, missing_returns, regrouping_runs, left_out_runs, resamples, interval_share
from mart_ranking_reliability
inner join dim_round using (round_id)
order by dim_round.fieldwork_start
