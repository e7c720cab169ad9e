{%- set treatments = [
    ('duplicates_once', 'green_once', 'amber_once', 'red_once'),
    ('reported_only', 'green_reported', 'amber_reported', 'red_reported'),
    ('blank_red', 'green_reported', 'amber_reported', 'red_reported + blanks'),
    ('blank_green', 'green_reported + blanks', 'amber_reported', 'red_reported'),
] -%}
with

ratings as (

    select * from {{ ref('fct_rating') }}
    where is_counted

),

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

answers as (

    select
        round_id,
        committee_id,
        question_no,
        is_duplicate,
        reported_rating is null as is_blank,
        cast(coalesce(resolved_rating = 'green', false) as integer) as green,
        cast(coalesce(resolved_rating = 'amber', false) as integer) as amber,
        cast(coalesce(resolved_rating = 'red', false) as integer) as red
    from ratings

),

totals as (

    select
        round_id,
        question_no,
        sum(green) as green,
        sum(amber) as amber,
        sum(red) as red,
        coalesce(sum(green) filter (where not is_duplicate), 0) as green_once,
        coalesce(sum(amber) filter (where not is_duplicate), 0) as amber_once,
        coalesce(sum(red) filter (where not is_duplicate), 0) as red_once,
        coalesce(sum(green) filter (where not is_blank), 0) as green_reported,
        coalesce(sum(amber) filter (where not is_blank), 0) as amber_reported,
        coalesce(sum(red) filter (where not is_blank), 0) as red_reported,
        count(*) filter (where is_blank) as blanks
    from answers
    group by all

),

senders as (

    select distinct
        round_id,
        committee_id
    from answers

),

members as (

    select
        round_id,
        committee_id,
        row_number() over (partition by round_id order by committee_id asc) - 1 as member_no,
        count(*) over (partition by round_id) as members
    from senders

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
    where members.members <= {{ var('bootstrap_max_returns') }}

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

resampled as (

    select
        weights.round_id,
        weights.resample_no,
        answers.question_no,
        sum(weights.weight * answers.green) as green,
        sum(weights.weight * answers.amber) as amber,
        sum(weights.weight * answers.red) as red
    from weights
    inner join answers
        on
            weights.round_id = answers.round_id
            and weights.committee_id = answers.committee_id
    group by all

),

scenarios as (

    -- Leaving one return out takes its own answer off the total: one pass, whatever the number of returns.
    select
        totals.round_id,
        totals.question_no,
        'one_left_out' as scenario,
        answers.committee_id as variant,
        totals.green - answers.green as green,
        totals.amber - answers.amber as amber,
        totals.red - answers.red as red
    from totals
    inner join answers
        on
            totals.round_id = answers.round_id
            and totals.question_no = answers.question_no
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
