-- Decisions that move most ranks
select subject, decision, questions_moved, moves
from mart_decision_effect
where round_id in (select round_id from dim_round where is_latest)
order by questions_moved desc, effect_no
limit 5
