with

ratings as (

    select * from {{ ref('int_ratings') }}

),

returns as (

    select * from {{ ref('int_counted_returns') }}

),

-- Identical returns are one member: they are drawn together, because they are not independent.
members as (

    select
        round_id,
        committee_id,
        dense_rank() over (
            partition by round_id order by coalesce(duplicate_of_committee_id, committee_id) asc
        ) - 1 as member_no,
        count(*) over (partition by round_id) as returns
    from returns
    where is_counted

),

-- In a large round the interval is narrower than one place.
drawable as (

    select distinct
        round_id,
        member_no,
        max(member_no) over (partition by round_id) + 1 as members
    from members
    where returns <= {{ var('bootstrap_max_returns') }}

),

resamples as (

    select number as resample_no from {{ numbers_below(var('bootstrap_resamples')) }}

),

-- A resample draws as many members as there are, with replacement. The draws are hashes of a fixed seed, the resample
-- and the draw: the same returns give the same interval on every machine. Many members need fewer resamples.
draws as (

    select
        drawable.round_id,
        resamples.resample_no,
        {{ draw_below(
            'drawable.members', ["'" ~ var('bootstrap_seed') ~ "'", 'resamples.resample_no', 'drawable.member_no']
        ) }} as member_no
    from drawable
    inner join resamples
        on drawable.members * resamples.resample_no < {{ var('bootstrap_max_draws') }}

),

weights as (

    select
        round_id,
        resample_no,
        member_no,
        count(*) as weight
    from draws
    group by all

),

-- No rating of a large round is read.
member_ratings as (

    select
        members.round_id,
        members.member_no,
        ratings.question_no,
        ratings.resolved_rating
    from members
    inner join ratings
        on members.round_id = ratings.round_id and members.committee_id = ratings.committee_id
    where members.returns <= {{ var('bootstrap_max_returns') }}

),

final as (

    select
        weights.round_id,
        weights.resample_no,
        member_ratings.question_no,
        coalesce(sum(weights.weight) filter (where member_ratings.resolved_rating = 'green'), 0) as green,
        coalesce(sum(weights.weight) filter (where member_ratings.resolved_rating = 'amber'), 0) as amber,
        coalesce(sum(weights.weight) filter (where member_ratings.resolved_rating = 'red'), 0) as red
    from weights
    inner join member_ratings
        on weights.round_id = member_ratings.round_id and weights.member_no = member_ratings.member_no
    group by all

)

select * from final
