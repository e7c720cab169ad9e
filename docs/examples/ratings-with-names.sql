-- Mean score by section and consortium, from ratings with all names
select section_no, section_title, consortium_name, round(avg(score), 2) as mean_score, count(rating) as ratings
from rating_detail
where round_id in (select round_id from dim_round where is_latest) and is_counted
group by section_no, section_title, consortium_name
order by section_no, consortium_name
