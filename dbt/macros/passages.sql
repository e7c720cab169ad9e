{#- The words of a typed text, in lower case and without punctuation, as a list. -#}
{% macro word_list(column) -%}
    {#- Single spaces are left as they are, as in `normalised`. -#}
    {%- set marks = '[^\\p{L}\\p{N}]{2,}|[^\\p{L}\\p{N} ]' -%}
    {{ split_at('trim(' ~ replace_all(lower_case(column), marks, ' ') ~ ')', ' ') }}
{%- endmacro %}

{#- Number of distinct elements of a list. -#}
{% macro distinct_members(list) -%}
    {{ members('array_distinct(' ~ list ~ ')') }}
{%- endmacro %}

{#- How much a passage says about a copy: the rarer it is, the more (inverse document frequency). In whole millionths,
    because sums of whole numbers are the same in any order. -#}
{% macro passage_weight(all_returns, returns_with_passage) -%}
    cast(round(1000000 * ln(1 + {{ all_returns }} / {{ returns_with_passage }})) as bigint)
{%- endmacro %}
