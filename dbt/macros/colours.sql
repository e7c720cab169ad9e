{#- One channel of a colour written `#rrggbb`, from 0 to 255; `start` is the position of its first digit. -#}
{% macro colour_part(column, start) -%}
    (
        (instr('0123456789abcdef', substr({{ column }}, {{ start }}, 1)) - 1) * 16
        + instr('0123456789abcdef', substr({{ column }}, {{ start + 1 }}, 1)) - 1
    )
{%- endmacro %}

{#- Hue of a colour written `#rrggbb`, in degrees: 0 is red, 60 yellow, 120 green, 240 blue. Null for a grey. -#}
{% macro colour_hue(column) -%}
    {%- set red = colour_part(column, 2) -%}
    {%- set green = colour_part(column, 4) -%}
    {%- set blue = colour_part(column, 6) -%}
    {%- set most = "greatest(" ~ red ~ ", " ~ green ~ ", " ~ blue ~ ")" -%}
    {%- set span = "nullif(" ~ most ~ " - least(" ~ red ~ ", " ~ green ~ ", " ~ blue ~ "), 0)" -%}
    case {{ most }}
        when {{ red }} then (360 + 60.0 * ({{ green }} - {{ blue }}) / {{ span }}) % 360
        when {{ green }} then 120 + 60.0 * ({{ blue }} - {{ red }}) / {{ span }}
        else 240 + 60.0 * ({{ red }} - {{ green }}) / {{ span }}
    end
{%- endmacro %}
