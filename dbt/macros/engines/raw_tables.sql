{#- Where raw tables are handed over as Parquet files, they are opened under their names before anything reads them. -#}
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
