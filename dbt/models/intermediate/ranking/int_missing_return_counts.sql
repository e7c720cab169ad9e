with

counts as (

    select * from {{ ref('int_treatment_counts') }}

),

ratings as (

    select * from {{ ref('int_ratings') }}

),

returns as (

    select * from {{ ref('int_counted_returns') }}

),

rounds as (

    select * from {{ ref('int_missing_returns') }}

),

members as (

    select
        round_id,
        committee_id,
        row_number() over (partition by round_id order by committee_id asc) - 1 as member_no
    from returns
    where is_counted

),

resamples as (

    select number as resample_no from {{ numbers_below(var('bootstrap_resamples')) }}

),

drawn as (

    select number as draw_no from {{ numbers_below(var('bootstrap_max_returns')) }}

),

missing as (

    select
        rounds.*,
        drawn.draw_no
    from rounds
    inner join drawn
        on rounds.missing > drawn.draw_no
    where rounds.members + rounds.missing <= {{ var('bootstrap_max_returns') }}

),

draws as (

    select
        missing.round_id,
        resamples.resample_no,
        {{ draw_below(
            'missing.members', ["'" ~ var('bootstrap_seed') ~ "'", "'missing'", 'resamples.resample_no', 'missing.draw_no']
        ) }} as member_no
    from missing
    inner join resamples
        on (missing.members + missing.missing) * resamples.resample_no < {{ var('bootstrap_max_draws') }}

),

-- Each missing return gives the answers of a drawn one.
imputed as (

    select
        draws.round_id,
        draws.resample_no,
        ratings.question_no,
        {{ rating_counts('ratings.resolved_rating') }}
    from draws
    inner join members
        on draws.round_id = members.round_id and draws.member_no = members.member_no
    inner join ratings
        on members.round_id = ratings.round_id and members.committee_id = ratings.committee_id
    group by all

),

final as (

    select
        counts.round_id,
        imputed.resample_no,
        counts.question_no,
        counts.green + imputed.green as green,
        counts.amber + imputed.amber as amber,
        counts.red + imputed.red as red
    from counts
    inner join imputed
        on counts.round_id = imputed.round_id and counts.question_no = imputed.question_no

)

select * from final
