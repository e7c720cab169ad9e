with

coverage as (

    select * from {{ ref('mart_coverage') }}

),

returns as (

    select * from {{ ref('fct_return') }}

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

    select range as number_of_blanks from range(0, 100)

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
        cast(null as varchar) as text_value
    from coverage
    union all
{% endfor -%}
select
    'consortia' as metric,
    round_id,
    'all' as consortium_code,
    count(*) as number_value,
    null as text_value
from coverage
where consortium_code <> 'all'
group by round_id
union all
select
    'consortia_covered' as metric,
    round_id,
    'all' as consortium_code,
    count(*) filter (where returned > 0) as number_value,
    null as text_value
from coverage
where consortium_code <> 'all'
group by round_id
union all
select
    'blank' as metric,
    round_id,
    'all' as consortium_code,
    sum(blank) as number_value,
    null as text_value
from ranking
group by round_id
union all
select
    'returns_with_blanks_' || names.number_of_blanks as metric,
    returns.round_id,
    'all' as consortium_code,
    count(*) filter (where returns.blank_ratings = names.number_of_blanks) as number_value,
    null as text_value
from returns
cross join names
where returns.is_counted
group by returns.round_id, names.number_of_blanks
union all
select
    'questions_with_blanks_' || names.number_of_blanks as metric,
    ranking.round_id,
    'all' as consortium_code,
    count(*) filter (where ranking.blank = names.number_of_blanks) as number_value,
    null as text_value
from ranking
cross join names
group by ranking.round_id, names.number_of_blanks
union all
select
    'returns_outside_fieldwork' as metric,
    returns.round_id,
    'all' as consortium_code,
    count(*) filter (
        where coalesce(returns.received_on not between rounds.fieldwork_start and rounds.fieldwork_end, true)
    ) as number_value,
    null as text_value
from returns
inner join rounds
    on returns.round_id = rounds.round_id
where returns.return_status = 'returned'
group by returns.round_id
union all
select
    'fieldwork_first_month' as metric,
    round_id,
    'all' as consortium_code,
    null as number_value,
    left(cast(fieldwork_start as varchar), 7) as text_value
from rounds
union all
select
    'fieldwork_last_month' as metric,
    round_id,
    'all' as consortium_code,
    null as number_value,
    left(cast(fieldwork_end as varchar), 7) as text_value
from rounds
union all
select
    'questions' as metric,
    round_id,
    'all' as consortium_code,
    count(*) as number_value,
    null as text_value
from questions
group by round_id
union all
select
    'sections' as metric,
    round_id,
    'all' as consortium_code,
    count(distinct section_no) as number_value,
    null as text_value
from questions
group by round_id
union all
select
    'questions_in_section:' || section_no as metric,
    round_id,
    'all' as consortium_code,
    count(*) as number_value,
    null as text_value
from questions
group by round_id, section_no
union all
select
    'rating_steps' as metric,
    rounds.round_id,
    'all' as consortium_code,
    count(*) as number_value,
    null as text_value
from rounds
cross join ratings
group by rounds.round_id
union all
select
    'return_status:' || committee_id as metric,
    round_id,
    'all' as consortium_code,
    null as number_value,
    return_status as text_value
from returns
union all
select
    'consortium_of:' || returns.committee_id as metric,
    returns.round_id,
    'all' as consortium_code,
    null as number_value,
    committees.consortium_code as text_value
from returns
inner join committees
    on
        returns.round_id = committees.round_id
        and returns.committee_id = committees.committee_id
union all
select
    'local_authority_count:' || returns.committee_id as metric,
    returns.round_id,
    'all' as consortium_code,
    committees.local_authority_count as number_value,
    null as text_value
from returns
inner join committees
    on
        returns.round_id = committees.round_id
        and returns.committee_id = committees.committee_id
union all
select
    'shares_content_with:' || committee_id as metric,
    round_id,
    'all' as consortium_code,
    null as number_value,
    duplicate_of_committee_id as text_value
from returns
where duplicate_of_committee_id is not null
union all
select
    'shares_content_with:' || duplicate_of_committee_id as metric,
    round_id,
    'all' as consortium_code,
    null as number_value,
    committee_id as text_value
from returns
where duplicate_of_committee_id is not null
