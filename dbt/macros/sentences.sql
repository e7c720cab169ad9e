{#- Sentences that several models use. Typed text is included only where the model may show it. -#}

{%- macro contradictory_committee(named, hinted) -%}
'The cover names ' || {{ named }} || ', the file name ' || {{ hinted }} || '.'
{%- endmacro -%}

{%- macro unknown_committee(what, nearest_names) -%}
{{ what }} || ' is no known committee. Nearest: ' || coalesce({{ nearest_names }}, 'none') || '.'
{%- endmacro -%}

{%- macro quoted(typed) -%}
'''' || left({{ typed }}, 80) || ''''
{%- endmacro -%}
