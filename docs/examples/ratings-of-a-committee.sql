-- The ratings of one committee, compared with its consortium and Scotland
select
    ratings.question_no,
    questions.short_reference,
    ratings.resolved_rating,
    ratings.rating_status,
    consortia.green || ' of ' || consortia.returns as green_in_consortium,
    scotland.green || ' of ' || scotland.returns as green_in_scotland
from fct_rating as ratings
inner join dim_committee_round as committees
    on ratings.round_id = committees.round_id and ratings.committee_id = committees.committee_id
inner join dim_question as questions
    on ratings.round_id = questions.round_id and ratings.question_no = questions.question_no
inner join mart_consortium_ranking as consortia
    on
        ratings.round_id = consortia.round_id
        and ratings.question_no = consortia.question_no
        and committees.consortium_code = consortia.consortium_code
inner join mart_question_ranking as scotland
    on ratings.round_id = scotland.round_id and ratings.question_no = scotland.question_no
where ratings.round_id in (select round_id from dim_round where is_latest) and ratings.committee_id = 'angus'
order by ratings.question_no
