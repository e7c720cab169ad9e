with

findings as (

    select * from {{ ref('mart_data_quality') }}

),

checks as (

    select * from {{ ref('quality_checks') }}

),

committees as (

    select * from {{ ref('dim_committee_round') }}

),

claims as (

    select * from {{ ref('mart_claim_check_public') }}

),

-- Which committee left which question blank is for analysts. The public sees what the report itself named: the
-- questions with blanks, the committees of a duplicate, those without a return. The reason for an estimate quotes a
-- comment: it is for analysts too. That a statement about suppressed figures is not true would narrow them down.
public_findings as (

    select
        findings.*,
        case checks.public_subject
            when 'question' then 'question ' || findings.question_no
            when 'committee' then committees.committee_name
            when 'subject' then findings.subject
        end as public_subject,
        case when checks.public_subject in ('committee', 'subject') then findings.reason end as public_reason
    from findings
    inner join checks
        on findings.{{ adapter.quote('check') }} = checks.check_name
    left join committees
        on findings.round_id = committees.round_id and findings.committee_id = committees.committee_id
    left join claims
        on
            findings.round_id = claims.round_id
            and findings.subject = 'claim ' || claims.claim_id
            and claims.verdict = 'suppressed'
    where claims.claim_id is null

),

subjects as (

    select
        round_id,
        {{ adapter.quote('check') }} as check_name,
        severity,
        finding_status,
        decision,
        decided_by_role,
        public_reason,
        public_subject,
        min(question_no) as question_no,
        count(*) as findings
    from public_findings
    group by all

),

counted as (

    select
        *,
        public_subject || case when findings > 1 then ' (' || findings || ')' else '' end as counted_subject
    from subjects

),

final as (

    select
        ---------- ids
        counted.round_id,
        counted.check_name,

        ---------- the findings
        checks.title,
        counted.severity,
        counted.finding_status,
        cast(sum(counted.findings) as integer) as findings,
        {{ joined(
            'counted.counted_subject', "', '", 'counted.question_no nulls last, counted.public_subject'
        ) }} as subjects,

        ---------- the decision
        counted.decision,
        counted.decided_by_role,
        counted.public_reason as reason,

        ---------- what the check is for
        checks.protects as explanation
    from counted
    inner join checks
        on counted.check_name = checks.check_name
    group by all

)

select * from final
