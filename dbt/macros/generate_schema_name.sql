{#- Name a schema as the project does (`marts`, not dbt's default `<target>_marts`): analysts type these names. -#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ custom_schema_name or target.schema }}
{%- endmacro %}
