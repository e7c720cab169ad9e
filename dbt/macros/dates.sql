{#- A date as people type it: `2016-10-03`, `3 October 2016`, `03/10/2016` (day first, as in Britain), `3rd Oct 16`,
    the number that a spreadsheet shows for an unformatted date. Null for anything else. -#}
{% macro typed_date(column) -%}
    {%- set text = normalised(column) -%}
    {%- set text = "regexp_replace(" ~ text ~ ", '(\\d)(st|nd|rd|th)\\b', '\\1', 'g')" -%}
    {%- set days = "\\b((mon|tues|wednes|thurs|fri|satur|sun)day|mon|tue|wed|thu|fri|sat|sun|of)\\b" -%}
    {%- set text = "regexp_replace(" ~ text ~ ", '" ~ days ~ "', ' ', 'g')" -%}
    {%- set text = "regexp_replace(" ~ text ~ ", '\\bsept\\b', 'sep', 'g')" -%}
    {%- set text = "trim(regexp_replace(" ~ text ~ ", '[-,./ ]+', '-', 'g'), '-')" -%}
    {%- set long_years = "['%Y-%m-%d', '%d-%m-%Y', '%d-%B-%Y', '%d-%b-%Y', '%B-%d-%Y', '%b-%d-%Y']" -%}
    {%- set short_years = "['%d-%m-%y', '%d-%B-%y', '%d-%b-%y']" -%}
    case
        when regexp_matches({{ text }}, '^\d{4}-\d{1,2}-\d{1,2}-\d{1,2}:')
            then cast(try_strptime(left({{ text }}, 10), '%Y-%m-%d') as date)
        when regexp_matches({{ text }}, '^[3-6]\d{4}$')
            then date '1899-12-30' + cast({{ text }} as integer)
        when regexp_matches({{ text }}, '\b20\d\d\b')
            then cast(try_strptime({{ text }}, {{ long_years }}) as date)
        else cast(try_strptime({{ text }}, {{ short_years }}) as date)
    end
{%- endmacro %}
