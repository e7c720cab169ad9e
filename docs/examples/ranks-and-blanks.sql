-- Ranks that depend on how blanks are treated
select
    question_no,
    short_reference,
    confidence_rank,
    rank_reported_only,
    rank_blank_red,
    rank_blank_green
from mart_rank_robustness
where
    round_id in (select round_id from dim_round where is_latest)
    and (confidence_rank, confidence_rank, confidence_rank)
    <> (rank_reported_only, rank_blank_red, rank_blank_green)
order by confidence_rank, question_no
