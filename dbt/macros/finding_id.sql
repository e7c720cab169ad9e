{#- Identity of a finding: stable from run to run, and another one as soon as the content changes, so that an old
    decision never covers a new problem. -#}
{% macro finding_id(check_name, round_id, subject, content) -%}
    concat_ws(':', {{ check_name }}, {{ round_id }}, replace({{ subject }}, ' ', '_'), left(md5({{ content }}), 8))
{%- endmacro %}
