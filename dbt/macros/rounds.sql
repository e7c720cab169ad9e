{#- Returns are numbered within their round, and each round has numbers of its own: those of an old one stay the same
    whatever is sent to a new one. Ten million returns and two hundred rounds are as many as the numbers hold. -#}
{% macro first_return_no(position) -%}
    10000000 * {{ position }}
{%- endmacro %}
