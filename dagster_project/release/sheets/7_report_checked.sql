-- sheet: Report checked
-- table: mart_claim_check
-- title: Statements of the 2017 report, compared with these data
-- note on Verdict: verdict
-- note on Suppressed: suppressed
select
    claim_id as "Statement",
    section as "Place in the report",
    paraphrase as "What the report says",
    expected as "Expected",
    actual as "Found",
    verdict as "Verdict",
    note as "Note",
    if(suppressed_because is null, 'no', 'yes') as "Suppressed"
from mart_claim_check
order by claim_id
