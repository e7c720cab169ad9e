{%- set kinds = [
    'blank_ratings', 'blank_returns', 'duplicate_returns', 'same_files', 'rejected_files', 'rejected_answers',
    'unknown_committees', 'conflicting_returns', 'superseded_returns', 'outside_fieldwork', 'non_returns',
    'small_bases', 'empty_rounds', 'near_duplicates', 'opposite_ratings', 'contradicting_comments',
    'outlying_returns', 'personal_data', 'counted_twice', 'registry',
] -%}
with

{% for kind in kinds -%}
    {{ kind }} as (

        select * from {{ ref('int_finding_' ~ kind) }}

    ),

{% endfor -%}
all_findings as (

    {% for kind in kinds -%}
        select * from {{ kind }}
        {% if not loop.last -%}
            union all
        {% endif -%}
    {% endfor -%}

)

select
    ---------- ids
    {{ finding_id('check_name', 'round_id', 'subject', 'content') }} as finding_id,
    check_name,
    round_id,
    committee_id,
    question_no,
    source_file,

    ---------- text
    subject,
    detail
from all_findings
