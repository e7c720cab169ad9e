-- Which ranking rules fit the report?
select title as rule, definition, feasible_with_comments, feasible_with_groups
from mart_ranking_rule
where feasible_with_figures
order by position
