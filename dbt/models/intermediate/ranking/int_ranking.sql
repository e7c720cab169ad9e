with

counts as (

    select * from {{ ref('int_rating_counts') }}

),

-- Lots of green and few red both count (section 5.1): a question is ranked by each, ties sharing the
-- lowest number, and by the sum of the two ranks. A question without any rating has no rank.
ranked_by_colour as (

    select
        *,
        case when rated > 0 then rank() over (partition by round_id, consortium_code, rated > 0 order by green desc) end
            as green_rank,
        case when rated > 0 then rank() over (partition by round_id, consortium_code, rated > 0 order by red) end
            as red_rank
    from counts

),

summed as (

    select
        *,
        green_rank + red_rank as rank_sum
    from ranked_by_colour

),

ranked as (

    select
        *,
        case when rated > 0 then rank() over (partition by round_id, consortium_code, rated > 0 order by rank_sum) end
            as confidence_rank,
        case when rated > 0 then count(*) over (partition by round_id, consortium_code, rank_sum) end
            as questions_at_rank
    from summed

)

select
    ---------- ids
    round_id,
    consortium_code,
    question_no,

    ---------- counts of returns
    returns,
    rated,
    green,
    amber,
    red,
    blank,

    ---------- shares of returns
    round(green / nullif(returns, 0), 6) as green_share,
    round(amber / nullif(returns, 0), 6) as amber_share,
    round(red / nullif(returns, 0), 6) as red_share,

    -- Section 5.1: questions about one piece of work draw green or red, broad ones amber. Four times the
    -- product of the shares of green and red is 1 when one half is green and the other red, and 0 when
    -- either colour is missing.
    round(4 * (green / nullif(returns, 0)) * (red / nullif(returns, 0)), 6) as polarisation,

    ---------- ranks
    green_rank,
    red_rank,
    rank_sum,
    confidence_rank,
    questions_at_rank,
    coalesce(questions_at_rank > 1, false) as is_joint
from ranked
