{#- The identity of a finding. It is stable from run to run and changes as soon as the content changes, so that an old
    decision never covers a new problem. -#}
{% macro finding_id(check_name, round_id, subject, content) -%}
    concat_ws(':', {{ check_name }}, {{ round_id }}, replace({{ subject }}, ' ', '_'), left(md5({{ content }}), 8))
{%- endmacro %}

{#- The columns of every model of findings, from a relation with `check_name`, `round_id`, `committee_id`,
    `question_no`, `source_file`, `subject`, `content` and `detail`. The identity may name the subject in a shorter
    form, `id_subject`. -#}
{% macro finding_columns(id_subject='subject') -%}
    {{ finding_id('check_name', 'round_id', id_subject, 'content') }} as finding_id,
    check_name,
    round_id,
    cast(committee_id as string) as committee_id,
    cast(question_no as integer) as question_no,
    cast(source_file as string) as source_file,
    subject,
    detail
{%- endmacro %}

{#- The subject of a finding about one answer. -#}
{% macro answer_subject(committee, question_no) -%}
    {{ committee }} || ' question ' || lpad(cast({{ question_no }} as string), 2, '0')
{%- endmacro %}

{#- The hash of all answers of a return, independent of the layout of its file and of the committee on its cover. To be used
    in a query that groups `answers` by return. -#}
{% macro content_hash(answers) -%}
    md5(
        {{ joined_in_order(
            "concat_ws(
                chr(31),
                " ~ answers ~ ".question_no,
                coalesce(" ~ answers ~ ".reported_rating, " ~ normalised(answers ~ '.unread_rating') ~ "),
                " ~ answers ~ ".comment_plain
            )",
            answers ~ '.question_no',
            'chr(30)'
        ) }}
    )
{%- endmacro %}
