-- sheet: Ranking
-- table: mart_question_ranking
-- title: Questions ranked by confidence, most confident first
-- optional: Label in the report
-- note on Rank: rank
-- note on Rank sum: rank_sum
-- note on Label in the report: report_label
-- note on Confidence: group
-- note on Blank: blank
-- note on Returns: returns
-- note on Few ratings: few_ratings
select
    dim_round.title as "Round",
    ranking.confidence_rank as "Rank",
    if(ranking.is_joint, 'yes', 'no') as "Joint",
    ranking.question_no as "Question number",
    ranking.short_reference as "Question",
    ranking.confidence_group as "Confidence",
    ranking.green as "Green",
    ranking.amber as "Amber",
    ranking.red as "Red",
    ranking.blank as "Blank",
    ranking.returns as "Returns",
    ranking.rated as "Rated",
    if(ranking.has_few_ratings, 'yes', 'no') as "Few ratings",
    ranking.rank_sum as "Rank sum",
    ranking.report_label as "Label in the report",
    ranking.comment as "Remark"
from mart_question_ranking as ranking
inner join dim_round on ranking.round_id = dim_round.round_id
order by dim_round.fieldwork_start desc, ranking.round_id, ranking.confidence_rank nulls last, ranking.question_no
