{#- Whether the counts of a rating are published in a row of `marked`, which has `int_suppressed_rows` joined to it. -#}
{% macro is_shown(rating) -%}
    marked.suppressed_because is null or marked.shown_rating = '{{ rating }}'
{%- endmacro %}
