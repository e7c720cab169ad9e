-- Ratings that committees changed since the round before
select round_id, question_no, committee_id, rating_then, rating_now
from fct_rating_change
where round_id in (select round_id from dim_round where is_latest) and rating_then is distinct from rating_now
order by question_no, committee_id
