{#- A date as people type it: `2016-10-03`, `3 October 2016`, `03/10/2016` (day first, as in Britain), `3rd Oct 16`,
    the number that a spreadsheet shows for an unformatted date. Null for anything else. -#}
{% macro typed_date(column) -%}
    {%- set text = normalised(column) -%}
    {%- set text = replace_all(text, '(\\d)(st|[nr]d|th)\\b', '\\1') -%}
    {%- set days = "\\b((mon|tues|wednes|thurs|fri|satur|sun)day|mon|tue|wed|thu|fri|sat|sun|of)\\b" -%}
    {%- set text = replace_all(text, days, ' ') -%}
    {%- set text = replace_all(text, '\\bsept\\b', 'sep') -%}
    {%- set text = replace_all(replace_all(text, '[-,./ ]+', '-'), '^-|-$', '') -%}
    {%- set long_years = ['%Y-%m-%d', '%d-%m-%Y', '%d-%B-%Y', '%d-%b-%Y', '%B-%d-%Y', '%b-%d-%Y'] -%}
    {%- set short_years = ['%d-%m-%y', '%d-%B-%y', '%d-%b-%y'] -%}
    case
        -- The format in which readers return a date cell: most dates.
        when {{ matches(column, "'^20\\d{2}-\\d{2}-\\d{2}$'") }} then try_cast({{ column }} as date)
        when {{ matches(text, "'^\\d{4}-\\d{1,2}-\\d{1,2}-\\d{1,2}:'") }}
            then {{ date_written('left(' ~ text ~ ', 10)', ['%Y-%m-%d']) }}
        when {{ matches(text, "'^[3-6]\\d{4}$'") }}
            then date '1899-12-30' + cast({{ text }} as integer)
        when {{ matches(text, "'\\b20\\d\\d\\b'") }}
            then {{ date_written(text, long_years) }}
        else {{ date_written(text, short_years) }}
    end
{%- endmacro %}
