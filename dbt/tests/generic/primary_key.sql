{#- dbt's `unique` and `not_null` in one query: each test takes a build as long as most models. -#}
{% test primary_key(model, column_name) %}
    select {{ column_name }}
    from {{ model }}
    group by {{ column_name }}
    having count(*) > 1 or {{ column_name }} is null
{% endtest %}
