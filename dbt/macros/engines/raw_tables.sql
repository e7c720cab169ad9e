{#- Spark reads the raw tables from exported Parquet files: register them as tables before any model runs. -#}
{% macro open_raw_tables() -%}
    {{ return(adapter.dispatch('open_raw_tables')()) }}
{%- endmacro %}

{% macro default__open_raw_tables() -%}{%- endmacro %}

{% macro spark__open_raw_tables() -%}
    {%- if execute -%}
        {%- do run_query("create schema if not exists raw") -%}
        {%- for source in graph.sources.values() -%}
            {%- do run_query(
                "create table raw." ~ source.name ~ " using parquet location '"
                ~ env_var('SELFEVAL_SPARK') ~ "/raw/" ~ source.name ~ ".parquet'"
            ) -%}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}
