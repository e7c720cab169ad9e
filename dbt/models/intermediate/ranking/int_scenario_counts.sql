{%- set treatments = [
    ('duplicates_once', 'green_once', 'amber_once', 'red_once'),
    ('reported_only', 'green_reported', 'amber_reported', 'red_reported'),
    ('blank_red', 'green_reported', 'amber_reported', 'red_reported + blanks'),
    ('blank_green', 'green_reported + blanks', 'amber_reported', 'red_reported'),
] -%}
{%- set variants = [
    ("'one_left_out'", 'committee_id', 'left_out'),
    ("'resample'", 'cast(resample_no as string)', 'resampled'),
    ("'missing_drawn'", 'cast(resample_no as string)', 'missing'),
    ('extreme', 'cast(extreme_question_no as string)', 'extremes'),
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

missing as (

    select * from {{ ref('int_missing_return_counts') }}

),

extremes as (

    select * from {{ ref('int_missing_return_extremes') }}

),

decided as (

    select distinct
        round_id,
        finding_id
    from alternatives

),

scenarios as (

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
        on decided.finding_id = alternatives.finding_id and counts.question_no = alternatives.question_no
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
    {% for scenario, variant, relation in variants -%}
        union all
        select
            round_id,
            question_no,
            {{ scenario }} as scenario,
            {{ variant }} as variant,
            green,
            amber,
            red
        from {{ relation }}
    {% endfor %}
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
