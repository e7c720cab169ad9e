-- Ratings by section of the questionnaire
select section_no, section_title, sum(red) as red, sum(amber) as amber, sum(green) as green
from mart_question_ranking
inner join dim_question using (round_id, question_no)
where round_id in (select round_id from dim_round where is_latest)
group by section_no, section_title
order by section_no
