-- Statements of the 2017 report by verdict
select verdict, count(*) as claims, count(*) filter (where is_hard) as hard_claims
from mart_claim_check
where round_id = '2016'
group by verdict
order by claims desc, verdict
