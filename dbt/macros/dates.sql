{#- A typed date with hyphens between its parts and without weekday, time and ordinal endings. -#}
{% macro date_text(column) -%}
    {%- set text = normalised(column) -%}
    {%- set text = replace_all(text, '\\b\\d{1,2}[:.]\\d{2} ?[ap][.]?m\\b[.]?', ' ') -%}
    {%- set text = replace_all(text, '(\\b|t)\\d{1,2}:\\d{2}(:\\d{2}([.]\\d+)?)?( ?(z|gmt|bst|utc|[+]\\d{2}:\\d{2}))?\\b', ' ') -%}
    {%- set text = replace_all(text, '(\\d)(st|[nr]d|th)\\b', '\\1') -%}
    {%- set days = "\\b((mon|tues|wednes|thurs|fri|satur|sun)day|mon|tues?|weds?|thu(rs?)?|fri|sat|sun|of|at)\\b" -%}
    {%- set text = replace_all(text, days, ' ') -%}
    {%- set text = replace_all(text, '\\bsept\\b', 'sep') -%}
    {{ replace_all(replace_all(text, '[-,./ \\x27‘’–()]+', '-'), '^-|-$', '') }}
{%- endmacro %}

{#- A date as people type it: `2016-10-03`, `3 October 2016`, `Tues 3rd Oct '16`, `03/10/2016 14:30` (day first, as in
    Britain), the number that a spreadsheet shows for an unformatted date. Null for anything else. -#}
{% macro typed_date(column) -%}
    {%- set text = date_text(column) -%}
    {%- set long_years = ['%Y-%m-%d', '%d-%m-%Y', '%d-%B-%Y', '%d-%b-%Y', '%B-%d-%Y', '%b-%d-%Y'] -%}
    {%- set short_years = ['%d-%m-%y', '%d-%B-%y', '%d-%b-%y'] -%}
    case
        -- The format in which readers return a date cell: most dates.
        when {{ matches(column, "'^20\\d{2}-\\d{2}-\\d{2}$'") }} then try_cast({{ column }} as date)
        when {{ matches(text, "'^[3-6]\\d{4}$'") }}
            then date '1899-12-30' + cast({{ text }} as integer)
        when {{ matches(text, "'\\b20\\d\\d\\b'") }}
            then {{ date_written(text, long_years) }}
        else {{ date_written(text, short_years) }}
    end
{%- endmacro %}

{#- Whether a typed date is another date where the month comes first, such as `03/10/2016`. -#}
{% macro is_ambiguous_date(column) -%}
    {%- set number = '(0?[1-9]|1[0-2])' -%}
    {%- set text = date_text(column) -%}
    ({{ matches(text, "'^" ~ number ~ "-" ~ number ~ "-(20)?\\d\\d$'") }}
    and extract(day from {{ typed_date(column) }}) <> extract(month from {{ typed_date(column) }}))
{%- endmacro %}
