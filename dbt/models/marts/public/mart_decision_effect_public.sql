with

effects as (

    select * from {{ ref('mart_decision_effect') }}

),

checks as (

    select * from {{ ref('quality_checks') }}

),

policy as (

    select * from {{ ref('int_disclosure_policy') }}

),

-- The ranks without the rating of a named committee give that rating away.
marked as (

    select
        effects.*,
        checks.public_subject = 'committee'
        and effects.subject is not null
        and effects.questions_moved is not null
        and not policy.has_consent as is_suppressed
    from effects
    inner join checks
        on effects.check_name = checks.check_name
    inner join policy
        on effects.round_id = policy.round_id

),

final as (

    select
        ---------- ids
        round_id,
        effect_no,
        check_name,

        ---------- the finding, as far as it is public
        title,
        subject,
        decision,

        ---------- what the decision did
        case when not is_suppressed then questions_moved end as questions_moved,
        case when not is_suppressed then moves end as moves,
        case when not is_suppressed then sentence end as sentence,
        case when is_suppressed then 'named_committee' end as suppressed_because
    from marked

)

select * from final
