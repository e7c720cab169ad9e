{#- Ordered aggregates, for DuckDB and Spark. -#}

{#- The texts of a group, ordered and joined with a separator; `each` may begin with `distinct`. -#}
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

{#- The texts of a group, joined in the order of a unique key. In DuckDB, sorting each group's list costs half as much
    as an ordered aggregate. -#}
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

{#- The values of a group as an ordered list. -#}
{% macro listed(each, order) -%}
    {{ return(adapter.dispatch('listed')(each, order)) }}
{%- endmacro %}

{% macro default__listed(each, order) -%}
    list({{ each }} order by {{ order }})
{%- endmacro %}

{% macro spark__listed(each, order) -%}
    transform(array_sort(collect_list(struct({{ order }}, {{ each }}))), pair -> pair.{{ each }})
{%- endmacro %}

{#- Hash of a group of rows, independent of their order; different groups collide with probability 2^-64. Rows of a
    group must be distinct. The engines give different hashes: use them for comparison only. -#}
{% macro fingerprint(columns) -%}
    {{ return(adapter.dispatch('fingerprint')(columns)) }}
{%- endmacro %}

{% macro default__fingerprint(columns) -%}
    {#- Hashed twice: DuckDB's hash of several values is itself an exclusive or, so two rows that swap a value would
        cancel out. -#}
    bit_xor(hash(hash({{ columns | join(', ') }})))
{%- endmacro %}

{% macro spark__fingerprint(columns) -%}
    bit_xor(xxhash64({{ columns | join(', ') }}))
{%- endmacro %}
