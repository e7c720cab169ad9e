{#-
  A table made in its own place, in one transaction. dbt-duckdb's own makes it beside the old one and renames twice,
  which costs several times what most of the models do. A build has no readers while it is written, and a model that
  fails leaves the old table as it was. Grants, indexes and partitions are not used in this project.

  Rows of rounds of which nothing has changed stay where they are (see macros/rounds.sql).
-#}
{% materialization table, adapter='duckdb' %}

    {%- set existing = load_cached_relation(this) -%}
    {%- set target = this.incorporate(type='table') -%}

    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}

    {%- set rounds_by = config.get('meta', {}).get('rounds_by') -%}

    {% call statement('main') -%}
        {% if existing and rounds_by and kept_rounds() %}
            {%- set kept = is_of(kept_rounds(), rounds_by) -%}
            delete from {{ target }} where not {{ kept }};
            insert into {{ target }} by name
            select * from ({{ without_kept_rounds(compiled_code, rounds_by) }}) as made where not {{ kept }};
        {% else %}
            {% if existing %} drop {{ existing.type }} if exists {{ existing }}; {% endif %}
            {{ create_table_as(False, target, compiled_code) }}
        {% endif %}
    {%- endcall %}

    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {% do persist_docs(target, model) %}
    {{ adapter.commit() }}
    {{ run_hooks(post_hooks, inside_transaction=False) }}

    {{ return({'relations': [target]}) }}

{% endmaterialization %}
