-- Questions that are new, reworded or gone
select round_id, question_key, short_reference, change, is_comparable
from mart_question_change
where change is not null
order by round_id, question_key
