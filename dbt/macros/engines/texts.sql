{#- Text functions, for DuckDB and Spark. -#}

{#- Word boundary as DuckDB's `\b`: ASCII letters, digits and underscore. Java's also counts letters such as é. -#}
{% macro spark__word_edge() -%}
    (?:(?<=[0-9A-Za-z_])(?![0-9A-Za-z_])|(?<![0-9A-Za-z_])(?=[0-9A-Za-z_]))
{%- endmacro %}

{#- Whether a text matches a regular expression anywhere. -#}
{% macro matches(text, pattern) -%}
    {{ return(adapter.dispatch('matches')(text, pattern)) }}
{%- endmacro %}

{% macro default__matches(text, pattern) -%}
    regexp_matches({{ text }}, {{ pattern }})
{%- endmacro %}

{% macro spark__matches(text, pattern) -%}
    regexp_like({{ text }}, {{ pattern | replace("\\b", spark__word_edge()) }})
{%- endmacro %}

{#- A text with all matches of a regular expression replaced; `\1` in the replacement is the first group. -#}
{% macro replace_all(text, pattern, replacement) -%}
    {{ return(adapter.dispatch('replace_all')(text, pattern, replacement)) }}
{%- endmacro %}

{% macro default__replace_all(text, pattern, replacement) -%}
    regexp_replace({{ text }}, '{{ pattern }}', '{{ replacement }}', 'g')
{%- endmacro %}

{% macro spark__replace_all(text, pattern, replacement) -%}
    regexp_replace(
        {{ text }}, '{{ pattern | replace("\\b", spark__word_edge()) }}', '{{ replacement | replace("\\", "$") }}'
    )
{%- endmacro %}

{#- A text in lower case. Java would add a combining dot to the Turkish İ, and write a final sigma at a word's end. -#}
{% macro lower_case(text) -%}
    {{ return(adapter.dispatch('lower_case')(text)) }}
{%- endmacro %}

{% macro default__lower_case(text) -%}
    lower({{ text }})
{%- endmacro %}

{% macro spark__lower_case(text) -%}
    lower(translate({{ text }}, 'İΣ', 'iσ'))
{%- endmacro %}

{#- Number of matches of a regular expression in a text. -#}
{% macro times_met(text, pattern) -%}
    {{ return(adapter.dispatch('times_met')(text, pattern)) }}
{%- endmacro %}

{% macro default__times_met(text, pattern) -%}
    len(regexp_extract_all({{ text }}, {{ pattern }}))
{%- endmacro %}

{% macro spark__times_met(text, pattern) -%}
    regexp_count({{ text }}, replace({{ pattern }}, '\b', '{{ spark__word_edge() }}'))
{%- endmacro %}

{#- A lower-case text without accents. Letters that are not a plain letter with an accent are unchanged, and so are
    texts with other scripts: there, marks are letters. -#}
{% macro without_accents(text) -%}
    {{ return(adapter.dispatch('without_accents')(text)) }}
{%- endmacro %}

{% macro default__without_accents(text) -%}
    case
        when regexp_matches({{ text }}, '^[\x{0}-\x{24F}\x{300}-\x{36F}\x{1E00}-\x{206F}]*$')
            then strip_accents({{ text }})
        else {{ text }}
    end
{%- endmacro %}

{#- The library function that Spark includes changes more than accents (`ĳ` becomes `ij`), so it receives only the
    letters a to z, with and without accents. -#}
{% macro spark__without_accents(text) -%}
    {%- set marked = "à-åç-ïñ-öù-ýÿ-ďē-ĥĩ-įĵ-ķĺ-ľń-ňō-őŕ-ťũ-žơưǎ-ǜǟ-ǡǧ-ǭǰǵ-ǻȁ-țȟȧ-ȳḁ-ẙạ-ỹ" -%}
    case
        when regexp_like({{ text }}, '^[ -~\p{M}{{ marked }}]*$')
            then reflect(
                'org.apache.commons.lang3.StringUtils', 'stripAccents', regexp_replace({{ text }}, '\p{M}+', '')
            )
        else {{ text }}
    end
{%- endmacro %}

{#- Damerau-Levenshtein distance: number of letters to change, add, remove or swap to turn one text into the other. -#}
{% macro edit_distance(one, other) -%}
    {{ return(adapter.dispatch('edit_distance')(one, other)) }}
{%- endmacro %}

{% macro default__edit_distance(one, other) -%}
    damerau_levenshtein({{ one }}, {{ other }})
{%- endmacro %}

{#- Spark's function does not count swaps. This computes the Damerau-Levenshtein table row by row: `i` letters of one
    text against `j` of the other; a swap refers to the last position of each of the two letters in the other text. -#}
{% macro spark__edit_distance(one, other) -%}
    {%- set letter = "substr(" ~ one ~ ", i, 1)" -%}
    {%- set other_letter = "substr(" ~ other ~ ", j, 1)" -%}
    {%- set back = "instr(reverse(left(" ~ one ~ ", i - 1)), " ~ other_letter ~ ")" -%}
    {%- set other_back = "instr(reverse(left(" ~ other ~ ", j - 1)), " ~ letter ~ ")" -%}
    case
        when least(length({{ one }}), length({{ other }})) = 0 then greatest(length({{ one }}), length({{ other }}))
        else aggregate(
            sequence(1, length({{ one }})),
            array(sequence(0, length({{ other }}))),
            (table, i) -> concat(table, array(aggregate(
                sequence(1, length({{ other }})),
                array(i),
                (row, j) -> concat(row, array(least(
                    element_at(row, j) + 1,
                    element_at(element_at(table, i), j + 1) + 1,
                    element_at(element_at(table, i), j) + case when {{ letter }} = {{ other_letter }} then 0 else 1 end,
                    case when {{ back }} > 0 and {{ other_back }} > 0 then
                        element_at(element_at(table, i - {{ back }}), j - {{ other_back }})
                        + {{ back }} + {{ other_back }} - 1
                    end
                )))
            ))),
            table -> element_at(element_at(table, -1), -1)
        )
    end
{%- endmacro %}

{#- The value of hexadecimal digits. -#}
{% macro hexadecimal(digits) -%}
    {{ return(adapter.dispatch('hexadecimal')(digits)) }}
{%- endmacro %}

{% macro default__hexadecimal(digits) -%}
    cast('0x' || {{ digits }} as bigint)
{%- endmacro %}

{% macro spark__hexadecimal(digits) -%}
    cast(conv({{ digits }}, 16, 10) as bigint)
{%- endmacro %}

{#- A number in at most four significant digits without trailing zeros; an integer in full. The factor rounds half up on
    both engines. -#}
{% macro short_number(number) -%}
    case
        when {{ number }} = floor({{ number }}) then cast(cast({{ number }} as bigint) as string)
        else {{ adapter.dispatch('in_four_digits')('(1 + 1e-12) * ' ~ number) }}
    end
{%- endmacro %}

{% macro default__in_four_digits(number) -%}
    trim(format('{:.4g}', {{ number }}))
{%- endmacro %}

{#- Java writes trailing zeros. -#}
{% macro spark__in_four_digits(number) -%}
    case when {{ number }} is not null then
        regexp_replace(
            regexp_replace(format_string('%.4g', {{ number }}), '([.][0-9]*?)0+(e|$)', '$1$2'), '[.](e|$)', '$1'
        )
    end
{%- endmacro %}

{#- A small number with its sign and without trailing zeros. -#}
{% macro signed_number(number) -%}
    {{ return(adapter.dispatch('signed_number')(number)) }}
{%- endmacro %}

{% macro default__signed_number(number) -%}
    format('{:+g}', {{ number }})
{%- endmacro %}

{% macro spark__signed_number(number) -%}
    case when {{ number }} is not null then
        regexp_replace(regexp_replace(format_string('%+.6f', {{ number }}), '0+$', ''), '[.]$', '')
    end
{%- endmacro %}

{#- A date in one of several formats, given as DuckDB's format strings with hyphens as separators; null in any other
    format. -#}
{% macro date_written(text, formats) -%}
    {{ return(adapter.dispatch('date_written')(text, formats)) }}
{%- endmacro %}

{% macro default__date_written(text, formats) -%}
    cast(try_strptime({{ text }}, ['{{ formats | join("', '") }}']) as date)
{%- endmacro %}

{% macro spark__date_written(text, formats) -%}
    {%- set letters = {'%d': 'd', '%m': 'M', '%b': 'MMM', '%B': 'MMMM', '%y': 'yy', '%Y': 'yyyy'} -%}
    {%- set tries = [] -%}
    {%- for format in formats -%}
        {%- set parts = [] -%}
        {%- for part in format.split('-') -%}
            {%- do parts.append(letters[part]) -%}
        {%- endfor -%}
        {%- do tries.append("try_to_date(" ~ text ~ ", '" ~ parts | join('-') ~ "')") -%}
    {%- endfor -%}
    {%- set date = "coalesce(" ~ tries | join(', ') ~ ")" -%}
    {%- if '%y' in formats | join('-') -%}
        {#- Two-digit years from 69 on are in the last century. -#}
        case when {{ date }} >= date '2069-01-01' then add_months({{ date }}, -1200) else {{ date }} end
    {%- else -%}
        {{ date }}
    {%- endif -%}
{%- endmacro %}
