-- Statements of the 2017 report about one question
select section, paraphrase, expected, actual, verdict
from mart_claim_check
where round_id = '2016' and question_no = 13
order by claim_id
