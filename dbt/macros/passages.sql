{#- The words of a typed text, in lower case and without punctuation, as a list. -#}
{% macro word_list(column) -%}
    string_split(trim(regexp_replace(lower({{ column }}), '[^\p{L}\p{N}]+', ' ', 'g')), ' ')
{%- endmacro %}

{#- The passages of a list of words: each three words in a row, once, as a number. Null below three words. -#}
{% macro passages(words) -%}
    list_distinct(list_transform(
        range(1, len({{ words }}) - 1),
        lambda place: hash({{ words }}[place] || ' ' || {{ words }}[place + 1] || ' ' || {{ words }}[place + 2])
    ))
{%- endmacro %}

{#- One row for each member of a list. -#}
{% macro each_of(list) -%}
    unnest({{ list }})
{%- endmacro %}

{#- How many different members a list has. -#}
{% macro distinct_members(list) -%}
    len(list_distinct({{ list }}))
{%- endmacro %}

{#- How often a regular expression is met in a text. -#}
{% macro times_met(text, pattern) -%}
    len(regexp_extract_all({{ text }}, {{ pattern }}))
{%- endmacro %}
