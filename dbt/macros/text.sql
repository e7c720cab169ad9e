{#- Typed text with its white space collapsed, for comparison only: what was typed stays as it is. -#}
{% macro normalised(column) -%}
    lower(trim(regexp_replace(coalesce({{ column }}, ''), '\s+', ' ', 'g')))
{%- endmacro %}

{#- A committee's name reduced to what people do not vary when they type it. -#}
{% macro name_key(column) -%}
    regexp_replace(replace(lower(coalesce({{ column }}, '')), '&', ' and '), '[^a-z]+', '', 'g')
{%- endmacro %}

{#- A date as people write one, day first; null where it is none. -#}
{% macro typed_date(column) -%}
    coalesce(
        try_cast({{ column }} as date),
        cast(try_strptime(
            trim({{ column }}),
            ['%d %B %Y', '%d %b %Y', '%d/%m/%Y', '%d.%m.%Y', '%d-%m-%Y', '%d/%m/%y', '%Y-%m-%d %H:%M:%S']
        ) as date)
    )
{%- endmacro %}
