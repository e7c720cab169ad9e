{#- Typed text with its white space collapsed and what is invisible taken out, for comparison only: what was
    typed stays as it is. -#}
{% macro normalised(column) -%}
    lower(trim(regexp_replace(
        regexp_replace(coalesce({{ column }}, ''), '\p{Cf}+', '', 'g'), '[\s\p{Z}]+', ' ', 'g'
    )))
{%- endmacro %}

{#- What a rating word is looked up by: as the readers' `rating_key`. -#}
{% macro word_key(column) -%}
    regexp_replace({{ normalised(column) }}, '[ .:;,!]+$', '')
{%- endmacro %}

{#- The words of a committee's name: without case, accents, punctuation, and what every committee is called.
    A point of the compass may be one letter. -#}
{% macro name_words(column) -%}
    {%- set plain = "replace(strip_accents(" ~ normalised(column) ~ "), '&', ' and ')" -%}
    {%- set letters = "regexp_replace(" ~ plain ~ ", '[^a-z]+', ' ', 'g')" -%}
    {%- set common = "child protection committee|public protection committee|cpc|council|committee|the" -%}
    {%- set name = "trim(regexp_replace(" ~ letters ~ ", '\\b(" ~ common ~ ")\\b', ' ', 'g'))" -%}
    {%- set one = namespace(name="trim(regexp_replace(" ~ name ~ ", ' +', ' ', 'g'))") -%}
    {%- for letter, word in {'n': 'north', 's': 'south', 'e': 'east', 'w': 'west'}.items() -%}
        {%- set one.name = "regexp_replace(" ~ one.name ~ ", '^" ~ letter ~ " ', '" ~ word ~ " ')" -%}
    {%- endfor -%}
    {{ one.name }}
{%- endmacro %}

{#- A committee's name reduced to what people do not vary when they type it. -#}
{% macro name_key(column) -%}
    replace({{ name_words(column) }}, ' ', '')
{%- endmacro %}

{#- How many letters have to be changed, added, left out or swapped to get from one text to the other. -#}
{% macro edit_distance(one, other) -%}
    damerau_levenshtein({{ one }}, {{ other }})
{%- endmacro %}
