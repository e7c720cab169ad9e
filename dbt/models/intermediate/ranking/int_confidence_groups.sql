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
        gap is not null
        and row_number() over (partition by round_id order by gap desc nulls last, rank_sum asc) <= 2 as is_cut
    from gaps

),

placed as (

    select
        round_id,
        rank_sum,
        count(*) filter (where is_cut) over (partition by round_id order by rank_sum) as cuts_above,
        count(*) filter (where is_cut) over (partition by round_id) as cuts
    from cuts

),

named as (

    select
        round_id,
        rank_sum,
        case
            when cuts = 0 then 'medium'
            when cuts_above = 0 then 'high'
            when cuts_above = cuts then 'low'
            else 'medium'
        end as confidence_group
    from placed

),

-- The report parts the medium group further (figure 1): at every gap inside it that is as wide as its widest.
gaps_inside as (

    select
        round_id,
        rank_sum,
        rank_sum - lag(rank_sum) over (partition by round_id order by rank_sum asc) as gap
    from named
    where confidence_group = 'medium'

),

widest_inside as (

    select
        round_id,
        max(gap) as gap
    from gaps_inside
    group by round_id

),

parted as (

    select
        gaps_inside.round_id,
        gaps_inside.rank_sum,
        1 + count(*) filter (where gaps_inside.gap = widest_inside.gap and gaps_inside.gap >= 2) over (
            partition by gaps_inside.round_id order by gaps_inside.rank_sum asc
        ) as confidence_subgroup
    from gaps_inside
    inner join widest_inside
        on gaps_inside.round_id = widest_inside.round_id

)

select
    ---------- ids
    ranking.round_id,
    ranking.question_no,

    ---------- group
    named.confidence_group,
    cast(parted.confidence_subgroup as integer) as confidence_subgroup
from ranking
left join named
    on
        ranking.round_id = named.round_id
        and ranking.rank_sum = named.rank_sum
left join parted
    on
        ranking.round_id = parted.round_id
        and ranking.rank_sum = parted.rank_sum
