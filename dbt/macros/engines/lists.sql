{#- What DuckDB and Spark spell differently about lists. -#}

{#- The parts of a text between the places where a separator of one letter stands. -#}
{% macro split_at(text, separator) -%}
    {{ return(adapter.dispatch('split_at')(text, separator)) }}
{%- endmacro %}

{% macro default__split_at(text, separator) -%}
    string_split({{ text }}, '{{ separator }}')
{%- endmacro %}

{% macro spark__split_at(text, separator) -%}
    split({{ text }}, '[{{ separator }}]')
{%- endmacro %}

{#- A list of texts without a member. -#}
{% macro no_texts() -%}
    {{ return(adapter.dispatch('no_texts')()) }}
{%- endmacro %}

{% macro default__no_texts() -%}
    []
{%- endmacro %}

{% macro spark__no_texts() -%}
    cast(array() as array<string>)
{%- endmacro %}

{#- Whether all members of one list are in another. -#}
{% macro holds_all(list, members) -%}
    {{ return(adapter.dispatch('holds_all')(list, members)) }}
{%- endmacro %}

{% macro default__holds_all(list, members) -%}
    list_has_all({{ list }}, {{ members }})
{%- endmacro %}

{% macro spark__holds_all(list, members) -%}
    size(array_except({{ members }}, {{ list }})) = 0
{%- endmacro %}

{#- How many members a list has. -#}
{% macro members(list) -%}
    {{ return(adapter.dispatch('members')(list)) }}
{%- endmacro %}

{% macro default__members(list) -%}
    len({{ list }})
{%- endmacro %}

{% macro spark__members(list) -%}
    size({{ list }})
{%- endmacro %}

{#- One row for each member of a list. -#}
{% macro each_of(list) -%}
    {{ return(adapter.dispatch('each_of')(list)) }}
{%- endmacro %}

{% macro default__each_of(list) -%}
    unnest({{ list }})
{%- endmacro %}

{% macro spark__each_of(list) -%}
    explode({{ list }})
{%- endmacro %}

{#- The passages of a list of words: each three words in a row, as a number that is another one for each `of`. None
    below three words. A passage that stands twice is there twice: to look for those costs more than all the rest. -#}
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

{#- Every run of consecutive words of a list, from one word to all of them, as a list of texts. -#}
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

{#- A relation of the whole numbers from 0 to below a bound, as the column `number`. -#}
{% macro numbers_below(bound) -%}
    {{ return(adapter.dispatch('numbers_below')(bound)) }}
{%- endmacro %}

{% macro default__numbers_below(bound) -%}
    (select range as number from range(0, {{ bound }}))
{%- endmacro %}

{% macro spark__numbers_below(bound) -%}
    (select id as number from range(0, {{ bound }}))
{%- endmacro %}
