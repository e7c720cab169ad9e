{#- Models of metrics, and the columns that each has in addition to `metric` and `round_id`. -#}
{%- set parts = {
    'by_rating': ['question_no', 'consortium_code', 'rating', 'number_value'],
    'by_question': ['question_no', 'consortium_code', 'number_value'],
    'in_words': ['question_no', 'text_value'],
    'of_pairs': ['question_no', 'number_value'],
    'of_areas': ['consortium_code', 'number_value'],
    'of_returns': ['number_value'],
    'of_committees': ['number_value', 'text_value'],
    'of_questionnaires': ['number_value', 'text_value'],
} -%}
with

{% for part in parts -%}
    {{ part }} as (

        select * from {{ ref('int_metrics_' ~ part) }}

    ),

{% endfor -%}
comment_counts as (

    select * from {{ ref('int_comment_counts') }}

),

all_metrics as (

    {% for part, columns in parts.items() -%}
        select
            metric,
            round_id,
            {{ 'question_no' if 'question_no' in columns else 'null as question_no' }},
            {{ 'consortium_code' if 'consortium_code' in columns else "'all' as consortium_code" }},
            {{ 'rating' if 'rating' in columns else 'null as rating' }},
            {{ 'number_value' if 'number_value' in columns else 'null as number_value' }},
            {{ 'text_value' if 'text_value' in columns else 'null as text_value' }},
            null as missing_because
        from {{ part }}
        union all
    {% endfor -%}
    select
        'comments_on_topic:' || topic as metric,
        round_id,
        question_no,
        'all' as consortium_code,
        rating,
        cast(returns as double) as number_value,
        null as text_value,
        case
            when returns is null then 'Not all comments are coded: ' || coded || ' of ' || comments || ' are.'
        end as missing_because
    from comment_counts

),

final as (

    select * from all_metrics
    where coalesce(cast(number_value as string), text_value, missing_because) is not null

)

select * from final
