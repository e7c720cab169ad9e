-- The ranking without one committee
with

counted as (

    select
        question_no,
        count(*) filter (where resolved_rating = 'green') as green,
        count(*) filter (where resolved_rating = 'red') as red
    from fct_rating
    where round_id in (select round_id from dim_round where is_latest) and is_counted and committee_id <> 'fife'
    group by question_no

),

summed as (

    select
        question_no,
        rank() over (order by green desc) + rank() over (order by red) as rank_sum
    from counted

)

select
    summed.question_no,
    ranking.short_reference,
    ranking.confidence_rank,
    rank() over (order by summed.rank_sum) as rank_without_fife
from summed
inner join mart_question_ranking as ranking
    on summed.question_no = ranking.question_no and ranking.round_id in (select round_id from dim_round where is_latest)
order by rank_without_fife, summed.question_no
