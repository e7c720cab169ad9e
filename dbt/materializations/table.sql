{#-
  A table made in its own place, in one transaction and one call of the database: for most models those cost more than
  their rows do. dbt-duckdb's own makes it beside the old one and renames twice. A build has no readers while it is
  written, and a model that fails leaves the old table as it was. Hooks, grants, indexes and partitions are not used in
  this project.
-#}
{% materialization table, adapter='duckdb' %}

    {%- set existing = load_cached_relation(this) -%}
    {%- set target = this.incorporate(type='table') -%}

    {%- set make -%}
        begin transaction;
        {% if existing %} drop {{ existing.type }} if exists {{ existing }}; {% endif %}
        {{ create_table_as(False, target, compiled_code) }};
        commit;
    {%- endset -%}
    {{ in_one_call(make) }}

    {{ return({'relations': [target]}) }}

{% endmaterialization %}

{#- Run SQL that has its own transaction, for dbt to report as the node's. dbt's `statement` would open and commit one
    in calls of their own, and write every text to a file. -#}
{% macro in_one_call(sql, fetch=False) -%}
    {%- set response, rows = adapter.execute(sql, auto_begin=False, fetch=fetch) -%}
    {%- do store_result('main', response=response, agate_table=rows) -%}
{%- endmacro %}
