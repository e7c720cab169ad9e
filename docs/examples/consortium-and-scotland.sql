-- Where the West differs most from Scotland
select
    west.question_no,
    west.short_reference,
    west.green_share as west_green_share,
    scotland.green_share as scotland_green_share
from mart_consortium_ranking as west
inner join mart_question_ranking as scotland
    on west.round_id = scotland.round_id and west.question_no = scotland.question_no
where west.round_id in (select round_id from dim_round where is_latest) and west.consortium_code = 'W'
order by abs(west.green_share - scotland.green_share) desc, west.question_no
limit 5
