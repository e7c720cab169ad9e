{#-
  Reference data as Spark itself reads them: a table over the CSV file. dbt-spark's own statements lose empty fields
  and texts with apostrophes, and would carry every row through the driver. Types are given by position: a heading that
  is not where its type is stops the build.
-#}
{% materialization seed, adapter='spark' %}

    {%- set target = this.incorporate(type='table') -%}
    {%- set columns = [] -%}
    {%- for name, type in config.get('column_types').items() -%}
        {#- A home may have seeds from before they were read by two engines. -#}
        {%- do columns.append(name ~ ' ' ~ type | replace('varchar', 'string')) -%}
    {%- endfor -%}

    {{ run_hooks(pre_hooks) }}

    {% call statement('main') -%}
        create table {{ target }} ({{ columns | join(', ') }})
        using csv
        options (header 'true', enforceSchema 'false', multiLine 'true', escape '"', encoding 'UTF-8')
        location '{{ model.root_path }}/{{ model.original_file_path }}'
    {%- endcall %}
    {#- dbt asks for the rows to be able to show them. -#}
    {% do store_result('agate_table', response='OK', agate_table=load_result('main').table) %}

    {{ run_hooks(post_hooks) }}

    {{ return({'relations': [target]}) }}

{% endmaterialization %}
