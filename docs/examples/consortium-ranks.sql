-- How did my consortium do?
select
    here.question_no,
    here.short_reference,
    here.confidence_rank,
    here.is_joint,
    scotland.confidence_rank as scotland_rank,
    here.red,
    here.amber,
    here.green,
    here.is_small_base
from mart_consortium_ranking as here
inner join mart_question_ranking as scotland
    on here.round_id = scotland.round_id and here.question_no = scotland.question_no
where here.round_id in (select round_id from dim_round where is_latest) and here.consortium_code = 'N'
order by here.confidence_rank, here.question_no
