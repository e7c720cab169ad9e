{#- Metric, relation, value and condition: counted by round, and by what the metric's name bears. -#}
{%- set numbers = [
    ("'consortia'", 'coverage', 'count(*)', "consortium_code <> 'all'"),
    ("'consortia_covered'", 'coverage', 'count(*) filter (where returned > 0)', "consortium_code <> 'all'"),
    ("'blank'", 'ranking', 'sum(blank)', 'true'),
    (
        "'returns_with_blanks_' || number_of_blanks", 'returns_by_blanks',
        'coalesce(sum(returns) filter (where blank_ratings = number_of_blanks), 0)', 'true',
    ),
    (
        "'questions_with_blanks_' || number_of_blanks", 'ranking_by_blanks',
        'count(*) filter (where blank = number_of_blanks)', 'true',
    ),
    (
        "'returns_outside_fieldwork'", 'placed_returns',
        'count(*) filter (where coalesce(received_on not between fieldwork_start and fieldwork_end, true))',
        "return_status = 'returned'",
    ),
    ("'questions'", 'questions', 'count(*)', 'true'),
    ("'sections'", 'questions', 'count(distinct section_no)', 'true'),
    ("'questions_in_section:' || section_no", 'questions', 'count(*)', 'true'),
    ("'rating_steps'", 'rating_steps', 'count(*)', 'true'),
    (
        "'local_authority_count:' || committee_id", 'placed_returns', 'max(local_authority_count)',
        "'local_authority_count:' || committee_id in (select metric from asked)",
    ),
] -%}
{%- set texts = [
    ("'fieldwork_first_month'", 'rounds', 'left(cast(fieldwork_start as string), 7)', 'true'),
    ("'fieldwork_last_month'", 'rounds', 'left(cast(fieldwork_end as string), 7)', 'true'),
    (
        "'return_status:' || committee_id", 'returns', 'return_status',
        "'return_status:' || committee_id in (select metric from asked)",
    ),
    (
        "'consortium_of:' || committee_id", 'placed_returns', 'consortium_code',
        "'consortium_of:' || committee_id in (select metric from asked)",
    ),
    (
        "'shares_content_with:' || committee_id", 'returns', 'duplicate_of_committee_id',
        "'shares_content_with:' || committee_id in (select metric from asked)",
    ),
    (
        "'shares_content_with:' || duplicate_of_committee_id", 'returns', 'committee_id',
        "'shares_content_with:' || duplicate_of_committee_id in (select metric from asked)",
    ),
] -%}
with

coverage as (

    select * from {{ ref('mart_coverage') }}

),

returns as (

    select * from {{ ref('fct_return') }}

),

-- What is measured of a single committee is measured where a claim asks for it: nobody else does.
asked as (

    select metric from {{ ref('claims') }}
    union
    select versus_metric as metric from {{ ref('claims') }}
    where versus_metric is not null

),

ranking as (

    select * from {{ ref('mart_question_ranking') }}

),

rounds as (

    select * from {{ ref('dim_round') }}

),

questions as (

    select * from {{ ref('dim_question') }}

),

committees as (

    select * from {{ ref('dim_committee_round') }}

),

ratings as (

    select * from {{ ref('dim_rating') }}

),

names as (

    select number as number_of_blanks from {{ numbers_below(100) }}

),

returns_by_blanks as (

    select
        counts.*,
        names.number_of_blanks
    from (
        select
            round_id,
            blank_ratings,
            count(*) as returns
        from returns
        where is_counted
        group by all
    ) as counts
    cross join names

),

ranking_by_blanks as (

    select
        ranking.*,
        names.number_of_blanks
    from ranking
    cross join names

),

rating_steps as (

    select
        rounds.round_id,
        ratings.rating
    from rounds
    cross join ratings

),

placed_returns as (

    select
        returns.*,
        rounds.fieldwork_start,
        rounds.fieldwork_end,
        committees.consortium_code,
        committees.local_authority_count
    from returns
    inner join rounds
        on returns.round_id = rounds.round_id
    inner join committees
        on
            returns.round_id = committees.round_id
            and returns.committee_id = committees.committee_id

)

{% for metric, value in [
    ('invited', 'invited'),
    ('committees', 'invited'),
    ('returned', 'returned'),
    ('not_returned', 'not_returned'),
    ('returns', 'returned'),
    ('local_authorities', 'local_authorities'),
    ('local_authorities_covered', 'local_authorities_covered'),
    ('distinct_contents', 'distinct_contents'),
    ('duplicate_returns', 'returned - distinct_contents'),
] -%}
    select
        '{{ metric }}' as metric,
        round_id,
        consortium_code,
        cast({{ value }} as double) as number_value,
        cast(null as string) as text_value
    from coverage
    union all
{% endfor -%}
{% for metric, relation, value, condition in numbers -%}
    select
        {{ metric }} as metric,
        round_id,
        'all' as consortium_code,
        cast({{ value }} as double) as number_value,
        cast(null as string) as text_value
    from {{ relation }}
    where {{ condition }}
    group by all
    union all
{% endfor -%}
{% for metric, relation, value, condition in texts -%}
    select
        {{ metric }} as metric,
        round_id,
        'all' as consortium_code,
        cast(null as double) as number_value,
        {{ value }} as text_value
    from {{ relation }}
    where {{ condition }}
    {% if not loop.last -%}
        union all
    {% endif -%}
{% endfor -%}
