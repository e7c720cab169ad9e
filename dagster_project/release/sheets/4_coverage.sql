-- sheet: Coverage
-- table: mart_coverage
-- title: Committees invited and returns received, by consortium
-- note on Consortium: total
-- note on Distinct contents: duplicates
select
    dim_round.title as "Round",
    coverage.consortium_name as "Consortium",
    coverage.invited as "Invited",
    coverage.returned as "Returned",
    coverage.rejected as "Rejected",
    coverage.not_returned as "Not returned",
    coverage.distinct_contents as "Distinct contents",
    coverage.local_authorities as "Local authorities",
    coverage.local_authorities_covered as "Local authorities covered"
from mart_coverage as coverage
inner join dim_round on coverage.round_id = dim_round.round_id
order by
    dim_round.fieldwork_start desc, coverage.round_id, coverage.consortium_code = 'all', coverage.consortium_name
