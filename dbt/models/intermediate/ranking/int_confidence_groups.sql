with

ranking as (

    select * from {{ ref('int_ranking') }}

),

national as (

    select * from ranking
    where consortium_code = 'all'

),

groups as (

    {{ group_rank_sums('national', within=['round_id']) }}

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
        on national.round_id = groups.round_id and national.rank_sum = groups.rank_sum
    left join subgroups
        on national.round_id = subgroups.round_id and national.rank_sum = subgroups.rank_sum

)

select * from final
