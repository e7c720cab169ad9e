{#- The words of a typed text, in lower case and without punctuation, as a list. -#}
{% macro word_list(column) -%}
    {#- As in `normalised`, a space by itself is left alone. -#}
    {%- set marks = '[^\\p{L}\\p{N}]{2,}|[^\\p{L}\\p{N} ]' -%}
    {{ split_at('trim(' ~ replace_all(lower_case(column), marks, ' ') ~ ')', ' ') }}
{%- endmacro %}

{#- How many different members a list has. -#}
{% macro distinct_members(list) -%}
    {{ members('array_distinct(' ~ list ~ ')') }}
{%- endmacro %}
