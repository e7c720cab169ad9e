-- sheet: Consortia
-- table: mart_consortium_ranking
-- title: Questions ranked by confidence within each consortium
-- note on Rank: rank
-- note on Small base: small_base
-- note on Blank: blank
-- note on Returns: returns
-- note on Suppressed: suppressed
select
    dim_round.title as "Round",
    ranking.consortium_name as "Consortium",
    ranking.confidence_rank as "Rank",
    if(ranking.is_joint, 'yes', 'no') as "Joint",
    ranking.question_no as "Question number",
    ranking.short_reference as "Question",
    ranking.green as "Green",
    ranking.amber as "Amber",
    ranking.red as "Red",
    ranking.blank as "Blank",
    ranking.returns as "Returns",
    if(ranking.is_small_base, 'yes', 'no') as "Small base",
    if(ranking.suppressed_because is null, 'no', 'yes') as "Suppressed"
from mart_consortium_ranking as ranking
inner join dim_round on ranking.round_id = dim_round.round_id
order by
    dim_round.fieldwork_start desc, ranking.round_id, ranking.consortium_name,
    ranking.confidence_rank nulls last, ranking.question_no
