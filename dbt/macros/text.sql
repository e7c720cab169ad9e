{#- Typed text with white space collapsed and invisible characters removed, for comparison only: the typed text itself
    is stored unchanged. -#}
{% macro normalised(column) -%}
    {%- set visible = replace_all("coalesce(" ~ column ~ ", '')", '\\p{Cf}+', '') -%}
    {#- Single spaces are left as they are: most spaces are single, and replacing each would be most of the work. -#}
    {%- set spaces = '[\\t\\n\\f\\r\\p{Z}]{2,}|[\\t\\n\\f\\r]|[^\\P{Z} ]' -%}
    {{ lower_case("trim(" ~ replace_all(visible, spaces, ' ') ~ ")") }}
{%- endmacro %}

{#- Lookup key of a rating word, as the readers' `rating_key`. -#}
{% macro word_key(column) -%}
    regexp_replace({{ normalised(column) }}, '[ .:;,!]+$', '')
{%- endmacro %}

{#- The words of a committee's name, without case, accents, punctuation and the words that all committees' names share.
    A leading letter for a point of the compass is written out. -#}
{% macro name_words(column) -%}
    {%- set plain = "replace(" ~ without_accents(normalised(column)) ~ ", '&', ' and ')" -%}
    {%- set letters = replace_all(plain, '[^a-z]{2,}|[^a-z ]', ' ') -%}
    {%- set common = "child protection committee|public protection committee|cpc|council|committee|the" -%}
    {%- set name = "trim(" ~ replace_all(letters, '\\b(' ~ common ~ ')\\b', ' ') ~ ")" -%}
    {%- set one = namespace(name="trim(" ~ replace_all(name, ' {2,}', ' ') ~ ")") -%}
    {%- for letter, word in {'n': 'north', 's': 'south', 'e': 'east', 'w': 'west'}.items() -%}
        {%- set one.name = "regexp_replace(" ~ one.name ~ ", '^" ~ letter ~ " ', '" ~ word ~ " ')" -%}
    {%- endfor -%}
    {{ one.name }}
{%- endmacro %}

{#- A committee's name reduced to the part that people type consistently. -#}
{% macro name_key(column) -%}
    replace({{ name_words(column) }}, ' ', '')
{%- endmacro %}
