{%- set kinds = [
    'blank_ratings', 'returns', 'duplicates', 'counted_twice', 'submissions', 'rejected_files', 'unknown_committees',
    'problems', 'non_returns', 'small_bases', 'contradicting_comments', 'opposite_ratings', 'questions', 'committees',
    'unknown_references', 'return_versions', 'large_changes',
] -%}
with

{% for kind in kinds -%}
    {{ kind }} as (

        select * from {{ ref('int_finding_' ~ kind) }}

    ),

{% endfor -%}
final as (

    {% for kind in kinds -%}
        select * from {{ kind }}
        {% if not loop.last -%}
            union all
        {% endif -%}
    {% endfor %}
)

select * from final
