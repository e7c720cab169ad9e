{#- Typed text with white space collapsed and invisible characters removed, for comparison only: the typed text itself
    is stored unchanged. -#}
{% macro normalised(column) -%}
    {%- set visible = replace_all("coalesce(" ~ column ~ ", '')", '\\p{Cf}+', '') -%}
    {#- Single spaces are left as they are: most spaces are single, and replacing each would be most of the work. -#}
    {%- set spaces = '[\\t\\n\\f\\r\\p{Z}]{2,}|[\\t\\n\\f\\r]|[^\\P{Z} ]' -%}
    {{ lower_case("trim(" ~ replace_all(visible, spaces, ' ') ~ ")") }}
{%- endmacro %}

{#- Lookup key of a rating word, as the readers' `key_rating`: a coloured circle, square or heart is its colour's word,
    the same word is counted once, and quotation marks, brackets and dashes around it do not count. -#}
{% macro word_key(column) -%}
    {%- set ns = namespace(text=normalised(column)) -%}
    {%- set signs = {'green': '🟢🟩💚', 'amber': '🟠🟡🟧🟨🧡💛', 'red': '🔴🟥❤'} -%}
    {%- for word, characters in signs.items() -%}
        {%- set ns.text = replace_all(ns.text, ' *[' ~ characters ~ '][\\x{FE0E}\\x{FE0F}]? *', ' ' ~ word ~ ' ') -%}
        {%- set ns.text = replace_all(ns.text, '\\b' ~ word ~ '( +' ~ word ~ ')+\\b', word) -%}
    {%- endfor -%}
    {%- set marks = '[-_ .:;,!\\x22\\x27`´‘’‚‛“”„‟«»‹›‐‑‒–—―−•·]+' -%}
    {%- set ends = '^' ~ marks ~ '|' ~ marks ~ '$' -%}
    {%- set bare = replace_all(replace_all(ns.text, ends, ''), '^[(\\[{<]+(.*?)[)\\]}>]*$', '\\1') -%}
    {{ replace_all(bare, ends, '') }}
{%- endmacro %}

{#- The words of a committee's name, without case, accents, punctuation and the words that names share. Letters and
    digits of every script count. `Edinburgh, City of` is `City of Edinburgh`, which is `Edinburgh City`; a leading
    letter for a point of the compass is written out. -#}
{% macro name_words(column) -%}
    {%- set plain = without_accents(normalised(column)) -%}
    {%- set turned = "regexp_replace(" ~ plain ~ ", '^([^,]+), *(.* of|city|north|south|east|west)$', '\\2 \\1')" -%}
    {%- set letters = replace_all(turned, '[^\\p{L}\\p{M}\\p{N}]+', ' ') -%}
    {%- set common = '(child|public|adult) protection( committees?)?|c ?p ?c|committees?|council|the|and|of|for' -%}
    {%- set name = "' ' || trim(" ~ letters ~ ") || ' '" -%}
    {#- Twice, because neighbours share the space between them. -#}
    {%- set name = replace_all(replace_all(name, ' (' ~ common ~ ') ', '  '), ' (' ~ common ~ ') ', '  ') -%}
    {%- set one = namespace(name="trim(" ~ replace_all(name, ' {2,}', ' ') ~ ")") -%}
    {%- set one.name = "regexp_replace(" ~ one.name ~ ", '^city (.+)$', '\\1 city')" -%}
    {%- for letter, word in {'n': 'north', 's': 'south', 'e': 'east', 'w': 'west'}.items() -%}
        {%- set one.name = "regexp_replace(" ~ one.name ~ ", '^" ~ letter ~ " ', '" ~ word ~ " ')" -%}
    {%- endfor -%}
    {{ one.name }}
{%- endmacro %}

{#- A committee's name reduced to the part that people type consistently. -#}
{% macro name_key(column) -%}
    replace({{ name_words(column) }}, ' ', '')
{%- endmacro %}
