-- From which rating to which did committees move?
select rating_then, rating_now, sum(committees) as committees
from mart_rating_flow
where round_id in (select round_id from dim_round where is_latest)
group by rating_then, rating_now
order by committees desc, rating_then, rating_now
