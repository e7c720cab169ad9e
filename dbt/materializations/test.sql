{#-
  A data test as one query. dbt's own opens a transaction for it, and could keep the rows that failed: the findings of
  this project are models.
-#}
{% materialization test, adapter='duckdb' %}

    {{ in_one_call(
        get_test_sql(
            get_limit_subquery_sql(sql, config.get('limit')),
            config.get('fail_calc'), config.get('warn_if'), config.get('error_if'), limit=none
        ),
        fetch=True
    ) }}

    {{ return({'relations': []}) }}

{% endmaterialization %}
