{#- List functions, for DuckDB and Spark. -#}

{#- The parts of a text between separators of one character. -#}
{% macro split_at(text, separator) -%}
    {{ return(adapter.dispatch('split_at')(text, separator)) }}
{%- endmacro %}

{% macro default__split_at(text, separator) -%}
    string_split({{ text }}, '{{ separator }}')
{%- endmacro %}

{% macro spark__split_at(text, separator) -%}
    split({{ text }}, '[{{ separator }}]')
{%- endmacro %}

{#- An empty list of texts. -#}
{% macro no_texts() -%}
    {{ return(adapter.dispatch('no_texts')()) }}
{%- endmacro %}

{% macro default__no_texts() -%}
    []
{%- endmacro %}

{% macro spark__no_texts() -%}
    cast(array() as array<string>)
{%- endmacro %}

{#- Whether a list contains all elements of another. -#}
{% macro holds_all(list, members) -%}
    {{ return(adapter.dispatch('holds_all')(list, members)) }}
{%- endmacro %}

{% macro default__holds_all(list, members) -%}
    list_has_all({{ list }}, {{ members }})
{%- endmacro %}

{% macro spark__holds_all(list, members) -%}
    size(array_except({{ members }}, {{ list }})) = 0
{%- endmacro %}

{#- Number of elements of a list. -#}
{% macro members(list) -%}
    {{ return(adapter.dispatch('members')(list)) }}
{%- endmacro %}

{% macro default__members(list) -%}
    len({{ list }})
{%- endmacro %}

{% macro spark__members(list) -%}
    size({{ list }})
{%- endmacro %}

{#- One row per element of a list. -#}
{% macro each_of(list) -%}
    {{ return(adapter.dispatch('each_of')(list)) }}
{%- endmacro %}

{% macro default__each_of(list) -%}
    unnest({{ list }})
{%- endmacro %}

{% macro spark__each_of(list) -%}
    explode({{ list }})
{%- endmacro %}

{#- The passages of a list of words: a hash of each three consecutive words, salted with `of`. Empty below three words.
    Repeated passages are kept: removing them would cost more than everything else in the query. -#}
{% macro passages(words, of) -%}
    {{ return(adapter.dispatch('passages')(words, of)) }}
{%- endmacro %}

{% macro default__passages(words, of) -%}
    list_transform(
        range(1, len({{ words }}) - 1),
        lambda place: hash({{ of }}, {{ words }}[place], {{ words }}[place + 1], {{ words }}[place + 2])
    )
{%- endmacro %}

{% macro spark__passages(words, of) -%}
    case when size({{ words }}) > 2 then transform(
        sequence(1, size({{ words }}) - 2),
        place -> xxhash64(
            {{ of }},
            element_at({{ words }}, place), element_at({{ words }}, place + 1), element_at({{ words }}, place + 2)
        )
    ) end
{%- endmacro %}

{#- Each sequence of consecutive words of a list, from one word to all words, as a list of texts. -#}
{% macro word_runs(words) -%}
    {{ return(adapter.dispatch('word_runs')(words)) }}
{%- endmacro %}

{% macro default__word_runs(words) -%}
    flatten(list_transform(
        range(1, len({{ words }}) + 1),
        lambda first: list_transform(
            range(first, len({{ words }}) + 1), lambda last: array_to_string({{ words }}[first:last], ' ')
        )
    ))
{%- endmacro %}

{% macro spark__word_runs(words) -%}
    flatten(transform(
        sequence(1, size({{ words }})),
        start -> transform(
            sequence(1, size({{ words }}) - start + 1),
            many -> array_join(slice({{ words }}, start, many), ' ')
        )
    ))
{%- endmacro %}

{#- A relation of the integers from 0 to `bound` - 1, in the column `number`. -#}
{% macro numbers_below(bound) -%}
    {{ return(adapter.dispatch('numbers_below')(bound)) }}
{%- endmacro %}

{% macro default__numbers_below(bound) -%}
    (select range as number from range(0, {{ bound }}))
{%- endmacro %}

{% macro spark__numbers_below(bound) -%}
    (select id as number from range(0, {{ bound }}))
{%- endmacro %}
