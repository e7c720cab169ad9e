{%- set treatments = [
    ('duplicates_once', 'green_once', 'amber_once', 'red_once'),
    ('reported_only', 'green_reported', 'amber_reported', 'red_reported'),
    ('blank_red', 'green_reported', 'amber_reported', 'red_reported + blanks'),
    ('blank_green', 'green_reported + blanks', 'amber_reported', 'red_reported'),
] -%}
with

counts as (

    select * from {{ ref('int_treatment_counts') }}

),

left_out as (

    select * from {{ ref('int_left_out_counts') }}

),

alternatives as (

    select * from {{ ref('int_decision_alternatives') }}

),

resampled as (

    select * from {{ ref('int_resample_counts') }}

),

decided as (

    select distinct
        round_id,
        finding_id
    from alternatives

),

scenarios as (

    select
        round_id,
        question_no,
        'one_left_out' as scenario,
        committee_id as variant,
        green,
        amber,
        red
    from left_out
    union all
    select
        counts.round_id,
        counts.question_no,
        'decided_otherwise' as scenario,
        decided.finding_id as variant,
        counts.green + coalesce(alternatives.green, 0) as green,
        counts.amber + coalesce(alternatives.amber, 0) as amber,
        counts.red + coalesce(alternatives.red, 0) as red
    from counts
    inner join decided
        on counts.round_id = decided.round_id
    left join alternatives
        on
            decided.finding_id = alternatives.finding_id
            and counts.question_no = alternatives.question_no
    {% for scenario, green, amber, red in treatments -%}
        union all
        select
            round_id,
            question_no,
            '{{ scenario }}' as scenario,
            '' as variant,
            {{ green }} as green,
            {{ amber }} as amber,
            {{ red }} as red
        from counts
    {% endfor -%}
    union all
    select
        round_id,
        question_no,
        'resample' as scenario,
        cast(resample_no as string) as variant,
        green,
        amber,
        red
    from resampled

),

final as (

    select
        round_id,
        scenario,
        variant,
        question_no,
        cast(green as integer) as green,
        cast(amber as integer) as amber,
        cast(red as integer) as red,
        green + amber + red > 0 as is_rated
    from scenarios

)

select * from final
