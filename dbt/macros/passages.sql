{#- The words of a typed text, in lower case and without punctuation, as a list. -#}
{% macro word_list(column) -%}
    {{ split_at('trim(' ~ replace_all(lower_case(column), '[^\\p{L}\\p{N}]+', ' ') ~ ')', ' ') }}
{%- endmacro %}

{#- How many different members a list has. -#}
{% macro distinct_members(list) -%}
    {{ members('array_distinct(' ~ list ~ ')') }}
{%- endmacro %}
