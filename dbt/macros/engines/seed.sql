{#-
  Seeds on Spark: a table over the CSV file. The `insert` of dbt-spark's own seed fails on texts with an apostrophe and
  loses empty fields. Types are given by position: a header that does not match its type stops the build.
-#}
{% materialization seed, adapter='spark' %}

    {%- set target = this.incorporate(type='table') -%}
    {%- set columns = [] -%}
    {%- for name, type in config.get('column_types').items() -%}
        {#- A home may keep an older `_seeds.yml`, whose text columns are `varchar`. -#}
        {%- do columns.append(name ~ ' ' ~ type | replace('varchar', 'string')) -%}
    {%- endfor -%}

    {{ run_hooks(pre_hooks) }}

    {% call statement('main') -%}
        create table {{ target }} ({{ columns | join(', ') }})
        using csv
        options (header 'true', enforceSchema 'false', multiLine 'true', escape '"', encoding 'UTF-8')
        location '{{ model.root_path }}/{{ model.original_file_path }}'
    {%- endcall %}
    {#- dbt expects this result, to show the rows with `--show`. -#}
    {% do store_result('agate_table', response='OK', agate_table=load_result('main').table) %}

    {{ run_hooks(post_hooks) }}

    {{ return({'relations': [target]}) }}

{% endmaterialization %}
