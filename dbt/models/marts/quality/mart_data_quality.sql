{%- set parts = ['findings', 'finding_decisions', 'finding_claims', 'finding_uncoded_comments'] -%}
with

{% for part in parts -%}
    {{ part }} as (

        select * from {{ ref('int_' ~ part) }}

    ),

{% endfor -%}
decisions as (

    select * from {{ ref('int_decisions') }}

),

effects as (

    select * from {{ ref('int_decision_effects') }}

),

checks as (

    select * from {{ ref('quality_checks') }}

),

all_findings as (

    {% for part in parts -%}
        select * from {{ part }}
        {% if not loop.last -%}
            union all
        {% endif -%}
    {% endfor %}
),

final as (

    select
        ---------- ids
        all_findings.finding_id,
        all_findings.round_id,
        all_findings.check_name,
        all_findings.check_name as {{ adapter.quote('check') }},
        all_findings.committee_id,
        all_findings.question_no,
        all_findings.source_file,

        ---------- the finding
        checks.title,
        checks.severity,
        all_findings.subject,
        all_findings.detail,

        ---------- the decision
        case
            when decisions.finding_id is not null then 'decided'
            when checks.severity = 'stop' then 'open'
            else 'noted'
        end as finding_status,
        decisions.decision,
        decisions.reason,
        decisions.decided_by_role,
        decisions.decided_on,
        effects.sentence as effect,

        ---------- how to fix it
        checks.mended_by,
        checks.how_to_mend
    from all_findings
    inner join checks
        on all_findings.check_name = checks.check_name
    left join decisions
        on
            all_findings.finding_id = decisions.finding_id
            and decisions.fault is null
    left join effects
        on all_findings.finding_id = effects.finding_id

)

select * from final
