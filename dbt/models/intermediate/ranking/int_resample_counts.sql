with

ratings as (

    select * from {{ ref('int_ratings') }}

),

returns as (

    select * from {{ ref('int_counted_returns') }}

),

counted as (

    select
        round_id,
        committee_id,
        row_number() over (partition by round_id order by committee_id asc) - 1 as member_no,
        count(*) over (partition by round_id) as members
    from returns
    where is_counted

),

-- In a large round the interval is narrower than one place.
members as (

    select * from counted
    where members <= {{ var('bootstrap_max_returns') }}

),

resamples as (

    select number as resample_no from {{ numbers_below(var('bootstrap_resamples')) }}

),

-- A resample draws as many returns as there are, with replacement. The draws are hashes of a fixed seed, the resample
-- and the draw: the same returns give the same interval on every machine.
draws as (

    select
        members.round_id,
        resamples.resample_no,
        cast(
            {{ hexadecimal(
                "left(md5(concat_ws('/', '" ~ var('bootstrap_seed')
                ~ "', resamples.resample_no, members.member_no)), 12)"
            ) }} % members.members as bigint
        ) as member_no
    from members
    cross join resamples

),

weights as (

    select
        draws.round_id,
        draws.resample_no,
        members.committee_id,
        count(*) as weight
    from draws
    inner join members
        on
            draws.round_id = members.round_id
            and draws.member_no = members.member_no
    group by all

),

-- No rating of a large round is read.
member_ratings as (

    select
        ratings.round_id,
        ratings.committee_id,
        ratings.question_no,
        ratings.resolved_rating
    from ratings
    inner join members
        on
            ratings.round_id = members.round_id
            and ratings.committee_id = members.committee_id

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
        on
            weights.round_id = member_ratings.round_id
            and weights.committee_id = member_ratings.committee_id
    group by all

)

select * from final
