{#- Typed text with its white space collapsed, for comparison only: what was typed stays as it is. -#}
{% macro normalised(column) -%}
    lower(trim(regexp_replace(coalesce({{ column }}, ''), '\s+', ' ', 'g')))
{%- endmacro %}

{#- A committee's name reduced to what people do not vary when they type it. -#}
{% macro name_key(column) -%}
    regexp_replace(replace(lower(coalesce({{ column }}, '')), '&', ' and '), '[^a-z]+', '', 'g')
{%- endmacro %}
