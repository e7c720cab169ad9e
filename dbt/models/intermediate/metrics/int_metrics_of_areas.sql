{%- set metrics = [
    'invited', 'committees', 'returned', 'not_returned', 'returns', 'local_authorities', 'local_authorities_covered',
    'distinct_contents', 'duplicate_returns',
] -%}
with

coverage as (

    select * from {{ ref('int_coverage') }}

),

measured as (

    select
        *,
        invited as committees,
        returned as returns,
        returned - distinct_contents as duplicate_returns
    from coverage

),

numbers as (

    select
        round_id,
        consortium_code,
        {% for metric in metrics -%}
            cast({{ metric }} as double) as {{ metric }}{% if not loop.last %},{% endif %}
        {% endfor -%}
    from measured

),

consortia as (

    select
        round_id,
        cast(count(*) as double) as consortia,
        cast(count(*) filter (where returned > 0) as double) as consortia_covered
    from coverage
    where consortium_code <> 'all'
    group by round_id

),

final as (

    select
        metric,
        round_id,
        consortium_code,
        number_value
    from numbers
    unpivot (number_value for metric in ({{ metrics | join(', ') }}))
    union all
    select
        metric,
        round_id,
        'all' as consortium_code,
        number_value
    from consortia
    unpivot (number_value for metric in (consortia, consortia_covered))

)

select * from final
