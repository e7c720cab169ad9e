{#- The identity of a finding. It is stable from run to run and changes as soon as the content changes, so that an old
    decision never covers a new problem. -#}
{% macro finding_id(check_name, round_id, subject, content) -%}
    concat_ws(':', {{ check_name }}, {{ round_id }}, replace({{ subject }}, ' ', '_'), left(md5({{ content }}), 8))
{%- endmacro %}

{#- The columns of every model of findings, from a relation with `round_id`, `subject`, `content`, `detail`, the columns
    that say what the findings are `about`, and `check_name` unless all have one. The identity may name the subject in
    a shorter form, `id_subject`. -#}
{% macro finding_columns(
    check_name=none, about=['committee_id', 'question_no', 'source_file'], content='content', id_subject='subject'
) -%}
    {%- set check = "'" ~ check_name ~ "'" if check_name else 'check_name' -%}
    {{ finding_id(check, 'round_id', id_subject, content) }} as finding_id,
    {{ check }} as check_name,
    round_id,
    {% for name, type in {'committee_id': 'string', 'question_no': 'integer', 'source_file': 'string'}.items() -%}
        cast({{ name if name in about else 'null' }} as {{ type }}) as {{ name }},
    {% endfor -%}
    subject,
    detail
{%- endmacro %}

{#- The subject of a finding about one answer. -#}
{% macro answer_subject(committee, question_no) -%}
    {{ committee }} || ' question ' || lpad(cast({{ question_no }} as string), 2, '0')
{%- endmacro %}

{#- The hash of all answers of each return in `returns`, independent of the layout of its file and of the committee on
    its cover. To hash those of all returns would take more time than any other step. -#}
{% macro content_hashes(answers, returns) -%}
    select
        answers.return_no,
        md5(
            {{ joined_in_order(
                "concat_ws(
                    chr(31),
                    answers.question_no,
                    coalesce(answers.reported_rating, " ~ normalised('answers.unread_rating') ~ "),
                    answers.comment_plain
                )",
                'answers.question_no',
                'chr(30)'
            ) }}
        ) as content_hash
    from {{ answers }} as answers
    where answers.return_no in (select return_no from {{ returns }})
    group by answers.return_no
{%- endmacro %}
