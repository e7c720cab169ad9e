with

ranking as (

    select * from {{ ref('int_ranking') }}
    where consortium_code = 'all'

),

steps as (

    select distinct
        round_id,
        rank_sum
    from ranking
    where rank_sum is not null

),

gaps as (

    select
        round_id,
        rank_sum,
        rank_sum - lag(rank_sum) over (partition by round_id order by rank_sum) as gap
    from steps

),

-- High and low stand apart from the rest (sections 2.1 and 2.2): the cuts are the two widest gaps,
-- of equally wide ones the more confident first.
cuts as (

    select
        round_id,
        rank_sum,
        coalesce(
            gap is not null
            and row_number() over (partition by round_id order by gap desc nulls last, rank_sum asc) <= 2,
            false
        ) as is_cut
    from gaps

),

placed as (

    select
        round_id,
        rank_sum,
        count(*) filter (where is_cut) over (partition by round_id order by rank_sum) as cuts_above,
        count(*) filter (where is_cut) over (partition by round_id) as cuts
    from cuts

)

select
    ---------- ids
    ranking.round_id,
    ranking.question_no,

    ---------- group
    case
        when placed.rank_sum is null then null
        when placed.cuts = 0 then 'medium'
        when placed.cuts_above = 0 then 'high'
        when placed.cuts_above = placed.cuts then 'low'
        else 'medium'
    end as confidence_group
from ranking
left join placed
    on
        ranking.round_id = placed.round_id
        and ranking.rank_sum = placed.rank_sum
