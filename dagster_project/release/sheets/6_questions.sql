-- sheet: Questions
-- table: dim_question
-- title: Questions of the questionnaire
select
    dim_round.title as "Round",
    question.question_no as "Question number",
    question.short_reference as "Question",
    question.section_no || ' ' || question.section_title as "Section",
    question.question_text as "Wording"
from dim_question as question
inner join dim_round on question.round_id = dim_round.round_id
order by dim_round.fieldwork_start desc, question.round_id, question.question_no
