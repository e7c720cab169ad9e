{#- Typed text with its white space collapsed and what is invisible taken out, for comparison only: what was
    typed stays as it is. -#}
{% macro normalised(column) -%}
    {%- set visible = replace_all("coalesce(" ~ column ~ ", '')", '\\p{Cf}+', '') -%}
    {#- A space by itself is left alone: most are, and to replace each by itself would be most of the work. -#}
    {%- set spaces = '[\\t\\n\\f\\r\\p{Z}]{2,}|[\\t\\n\\f\\r]|[^\\P{Z} ]' -%}
    {{ lower_case("trim(" ~ replace_all(visible, spaces, ' ') ~ ")") }}
{%- endmacro %}

{#- What a rating word is looked up by: as the readers' `rating_key`. -#}
{% macro word_key(column) -%}
    regexp_replace({{ normalised(column) }}, '[ .:;,!]+$', '')
{%- endmacro %}

{#- The words of a committee's name: without case, accents, punctuation, and what every committee is called.
    A point of the compass may be one letter. -#}
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

{#- A committee's name reduced to what people do not vary when they type it. -#}
{% macro name_key(column) -%}
    replace({{ name_words(column) }}, ' ', '')
{%- endmacro %}
