{#-
  A table made in its own place, in one transaction. dbt-duckdb's own makes it beside the old one and renames twice,
  which costs several times what most of the models do. A build has no readers while it is written, and a model that
  fails leaves the old table as it was. Grants, indexes and partitions are not used in this project.
-#}
{% materialization table, adapter='duckdb' %}

    {%- set existing = load_cached_relation(this) -%}
    {%- set target = this.incorporate(type='table') -%}

    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}

    {% call statement('main') -%}
        {% if existing %} drop {{ existing.type }} if exists {{ existing }}; {% endif %}
        {{ create_table_as(False, target, compiled_code) }}
    {%- endcall %}

    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {% do persist_docs(target, model) %}
    {{ adapter.commit() }}
    {{ run_hooks(post_hooks, inside_transaction=False) }}

    {{ return({'relations': [target]}) }}

{% endmaterialization %}
