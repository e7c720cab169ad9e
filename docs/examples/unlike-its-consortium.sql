-- Ratings of a committee that no other in its consortium gave
select consortium_code, committee_name, question_no, short_reference, resolved_rating
from fct_rating
inner join dim_committee_round using (round_id, committee_id)
inner join dim_question using (round_id, question_no)
where round_id in (select round_id from dim_round where is_latest) and is_counted and resolved_rating is not null
qualify
    count(*) over (partition by consortium_code, question_no, resolved_rating) = 1
    and count(*) over (partition by consortium_code, question_no) >= 5
order by consortium_code, committee_name, question_no
