with

counts as (

    select * from {{ ref('int_scenario_counts') }}
    where is_rated

),

ranked_by_colour as (

    select
        *,
        rank() over (partition by round_id, scenario, variant order by green desc) as green_rank,
        rank() over (partition by round_id, scenario, variant order by red asc) as red_rank
    from counts

)

-- The rule of the ranking (see int_ranking), once per scenario.
select
    ---------- ids
    round_id,
    scenario,
    variant,
    question_no,

    ---------- rank
    cast(
        rank() over (partition by round_id, scenario, variant order by green_rank + red_rank asc) as integer
    ) as confidence_rank
from ranked_by_colour
