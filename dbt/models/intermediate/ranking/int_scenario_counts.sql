{%- set treatments = [
    ('duplicates_once', 'green_once', 'amber_once', 'red_once'),
    ('reported_only', 'green_reported', 'amber_reported', 'red_reported'),
    ('blank_red', 'green_reported', 'amber_reported', 'red_reported + blanks'),
    ('blank_green', 'green_reported + blanks', 'amber_reported', 'red_reported'),
] -%}
with

-- What each decision would add to the counts, had it been decided otherwise.
alternatives as (

    select * from {{ ref('int_decision_alternatives') }}

),

decided as (

    select distinct
        round_id,
        finding_id
    from alternatives

),

-- The ratings are read where they are needed and never held: a large round does not fit twice into memory.
totals as (

    select
        round_id,
        question_no,
        count(*) filter (where resolved_rating = 'green') as green,
        count(*) filter (where resolved_rating = 'amber') as amber,
        count(*) filter (where resolved_rating = 'red') as red,
        count(*) filter (where resolved_rating = 'green' and not is_duplicate) as green_once,
        count(*) filter (where resolved_rating = 'amber' and not is_duplicate) as amber_once,
        count(*) filter (where resolved_rating = 'red' and not is_duplicate) as red_once,
        count(*) filter (where reported_rating = 'green') as green_reported,
        count(*) filter (where reported_rating = 'amber') as amber_reported,
        count(*) filter (where reported_rating = 'red') as red_reported,
        count(*) filter (where reported_rating is null) as blanks
    from {{ ref('fct_rating') }}
    where is_counted
    group by round_id, question_no

),

returns as (

    select
        round_id,
        committee_id
    from {{ ref('fct_return') }}
    where is_counted

),

-- A return that leaves changes the order of two questions only if their counts are within one of each other.
neighbours as (

    select
        *,
        least(
            green - lag(green) over (partition by round_id order by green, question_no),
            lead(green) over (partition by round_id order by green, question_no) - green
        ) as green_gap,
        least(
            red - lag(red) over (partition by round_id order by red, question_no),
            lead(red) over (partition by round_id order by red, question_no) - red
        ) as red_gap
    from totals

),

-- So the ranks depend on what the return says to these questions, and to those that it may leave without a rating.
close as (

    select
        round_id,
        question_no
    from neighbours
    where
        green_gap <= 1
        or red_gap <= 1
        or green + amber + red <= 1

),

patterns as (

    select
        ratings.round_id,
        ratings.committee_id,
        {{ fingerprint(['ratings.question_no', "coalesce(ratings.resolved_rating, '')"]) }} as pattern
    from {{ ref('fct_rating') }} as ratings
    inner join close
        on
            ratings.round_id = close.round_id
            and ratings.question_no = close.question_no
    where ratings.is_counted
    group by ratings.round_id, ratings.committee_id

),

-- Of the returns that say the same to them, one is left out for all: few of a hundred thousand, and each of 25.
left_out as (

    select
        returns.round_id,
        min(returns.committee_id) as committee_id
    from returns
    left join patterns
        on
            returns.round_id = patterns.round_id
            and returns.committee_id = patterns.committee_id
    group by returns.round_id, patterns.pattern

),

small_rounds as (

    select
        round_id,
        count(*) as members
    from returns
    group by round_id
    having count(*) <= {{ var('bootstrap_max_returns') }}

),

members as (

    select
        returns.round_id,
        returns.committee_id,
        row_number() over (partition by returns.round_id order by returns.committee_id asc) - 1 as member_no,
        small_rounds.members
    from returns
    inner join small_rounds
        on returns.round_id = small_rounds.round_id

),

resamples as (

    select number as resample_no from {{ numbers_below(var('bootstrap_resamples')) }}

),

-- A resample draws as many returns as there are, with replacement. The draws come from a hash of a fixed
-- seed, the resample and the draw: the same returns give the same interval on every machine.
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

-- Of a large round not one rating is looked at.
ratings_of_small_rounds as (

    select ratings.*
    from {{ ref('fct_rating') }} as ratings
    inner join small_rounds
        on ratings.round_id = small_rounds.round_id
    where ratings.is_counted

),

resampled as (

    select
        weights.round_id,
        weights.resample_no,
        ratings.question_no,
        coalesce(sum(weights.weight) filter (where ratings.resolved_rating = 'green'), 0) as green,
        coalesce(sum(weights.weight) filter (where ratings.resolved_rating = 'amber'), 0) as amber,
        coalesce(sum(weights.weight) filter (where ratings.resolved_rating = 'red'), 0) as red
    from weights
    inner join ratings_of_small_rounds as ratings
        on
            weights.round_id = ratings.round_id
            and weights.committee_id = ratings.committee_id
    group by all

),

scenarios as (

    -- Leaving one return out takes its own answer off the total.
    select
        totals.round_id,
        totals.question_no,
        'one_left_out' as scenario,
        left_out.committee_id as variant,
        totals.green - cast(coalesce(ratings.resolved_rating = 'green', false) as integer) as green,
        totals.amber - cast(coalesce(ratings.resolved_rating = 'amber', false) as integer) as amber,
        totals.red - cast(coalesce(ratings.resolved_rating = 'red', false) as integer) as red
    from left_out
    inner join {{ ref('fct_rating') }} as ratings
        on
            left_out.round_id = ratings.round_id
            and left_out.committee_id = ratings.committee_id
    inner join totals
        on
            ratings.round_id = totals.round_id
            and ratings.question_no = totals.question_no
    union all
    select
        totals.round_id,
        totals.question_no,
        'decided_otherwise' as scenario,
        decided.finding_id as variant,
        totals.green + coalesce(alternatives.green, 0) as green,
        totals.amber + coalesce(alternatives.amber, 0) as amber,
        totals.red + coalesce(alternatives.red, 0) as red
    from totals
    inner join decided
        on totals.round_id = decided.round_id
    left join alternatives
        on
            decided.finding_id = alternatives.finding_id
            and totals.question_no = alternatives.question_no
    union all
    {% for scenario, green, amber, red in treatments -%}
        select
            round_id,
            question_no,
            '{{ scenario }}' as scenario,
            '' as variant,
            {{ green }} as green,
            {{ amber }} as amber,
            {{ red }} as red
        from totals
        union all
    {% endfor -%}
    select
        round_id,
        question_no,
        'resample' as scenario,
        cast(resample_no as string) as variant,
        green,
        amber,
        red
    from resampled

)

select
    ---------- ids
    round_id,
    scenario,
    variant,
    question_no,

    ---------- counts of returns
    cast(green as integer) as green,
    cast(amber as integer) as amber,
    cast(red as integer) as red,
    green + amber + red > 0 as is_rated
from scenarios
