{#- What DuckDB and Spark spell differently about rows gathered in an order. -#}

{#- The texts of a group in an order, with a separator between them; `each` may begin with `distinct`. -#}
{% macro joined(each, separator, order, where=none) -%}
    {{ return(adapter.dispatch('joined')(each, separator, order, where)) }}
{%- endmacro %}

{% macro default__joined(each, separator, order, where) -%}
    string_agg({{ each }}, {{ separator }} order by {{ order }}){% if where %} filter (where {{ where }}){% endif %}
{%- endmacro %}

{% macro spark__joined(each, separator, order, where) -%}
    listagg({{ each }}, {{ separator }}) within group (order by {{ order }})
    {%- if where %} filter (where {{ where }}){% endif %}
{%- endmacro %}

{#- The texts of a group in the order of a key that no two of them share. DuckDB sorts each group's own list at half
    the cost of an ordered aggregate. -#}
{% macro joined_in_order(text, key, separator) -%}
    {{ return(adapter.dispatch('joined_in_order')(text, key, separator)) }}
{%- endmacro %}

{% macro default__joined_in_order(text, key, separator) -%}
    array_to_string(
        list_transform(list_sort(list(struct_pack(place := {{ key }}, words := {{ text }}))), lambda part: part.words),
        {{ separator }}
    )
{%- endmacro %}

{% macro spark__joined_in_order(text, key, separator) -%}
    listagg({{ text }}, {{ separator }}) within group (order by {{ key }})
{%- endmacro %}

{#- The values of a group in an order, as a list. -#}
{% macro listed(each, order) -%}
    {{ return(adapter.dispatch('listed')(each, order)) }}
{%- endmacro %}

{% macro default__listed(each, order) -%}
    list({{ each }} order by {{ order }})
{%- endmacro %}

{% macro spark__listed(each, order) -%}
    transform(array_sort(collect_list(struct({{ order }}, {{ each }}))), pair -> pair.{{ each }})
{%- endmacro %}

{#- A number that groups of equal rows share, in whatever order they come, and other groups do not (but for one chance
    in 2^64). No two rows of a group may be equal. Another number on another engine: it is for comparison only. -#}
{% macro fingerprint(columns) -%}
    {{ return(adapter.dispatch('fingerprint')(columns)) }}
{%- endmacro %}

{% macro default__fingerprint(columns) -%}
    {#- Hashed again: DuckDB's hash of several values is itself an exclusive or, and two rows that swap a value would
        cancel out. -#}
    bit_xor(hash(hash({{ columns | join(', ') }})))
{%- endmacro %}

{% macro spark__fingerprint(columns) -%}
    bit_xor(xxhash64({{ columns | join(', ') }}))
{%- endmacro %}
