with

ranking as (

    select * from {{ ref('int_ranking') }}

),

national as (

    select * from ranking
    where consortium_code = 'all'

),

gaps as (

    select
        round_id,
        rank_sum,
        rank_sum - lag(rank_sum) over (partition by round_id order by rank_sum) as gap
    from national
    group by round_id, rank_sum

),

-- High and low confidence are set apart from the rest (sections 2.1 and 2.2) at the two widest gaps; of equally wide
-- gaps the one of higher confidence comes first.
cuts as (

    select
        round_id,
        rank_sum,
        gap is not null
        and row_number() over (partition by round_id order by gap desc nulls last, rank_sum asc) <= 2 as is_cut
    from gaps

),

counted as (

    select
        round_id,
        rank_sum,
        count(*) filter (where is_cut) over (partition by round_id order by rank_sum) as cuts_above,
        count(*) filter (where is_cut) over (partition by round_id) as cuts
    from cuts

),

groups as (

    select
        round_id,
        rank_sum,
        case
            when cuts = 0 then 'medium'
            when cuts_above = 0 then 'high'
            when cuts_above = cuts then 'low'
            else 'medium'
        end as confidence_group
    from counted

),

-- The medium group is split further (figure 1) at every gap inside it that is as wide as its widest.
medium as (

    select
        round_id,
        rank_sum,
        rank_sum - lag(rank_sum) over (partition by round_id order by rank_sum asc) as gap
    from groups
    where confidence_group = 'medium'

),

widest as (

    select
        *,
        max(gap) over (partition by round_id) as widest_gap
    from medium

),

subgroups as (

    select
        round_id,
        rank_sum,
        1 + count(*) filter (where gap = widest_gap and gap >= 2) over (
            partition by round_id order by rank_sum asc
        ) as confidence_subgroup
    from widest

),

final as (

    select
        national.round_id,
        national.question_no,
        groups.confidence_group,
        cast(subgroups.confidence_subgroup as integer) as confidence_subgroup
    from national
    left join groups
        on
            national.round_id = groups.round_id
            and national.rank_sum = groups.rank_sum
    left join subgroups
        on
            national.round_id = subgroups.round_id
            and national.rank_sum = subgroups.rank_sum

)

select * from final
