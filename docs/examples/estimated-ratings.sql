-- Estimates of blank ratings, with reasons
select
    ratings.question_no,
    ratings.committee_id,
    ratings.resolved_rating,
    findings.reason,
    findings.decided_by_role
from fct_rating as ratings
inner join mart_data_quality as findings
    on
        ratings.round_id = findings.round_id
        and ratings.committee_id = findings.committee_id
        and ratings.question_no = findings.question_no
where
    ratings.round_id in (select round_id from dim_round where is_latest)
    and ratings.rating_status = 'estimated'
    and findings.decision = 'estimate'
order by ratings.question_no, ratings.committee_id
