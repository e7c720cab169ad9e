with

effects as (

    select * from {{ ref('int_decision_effects') }}

),

checks as (

    select * from {{ ref('quality_checks') }}

),

committees as (

    select * from {{ ref('int_committee_rounds') }}

),

-- As in mart_data_quality_summary, the committee of a blank and the identity of a finding are for analysts.
public_effects as (

    select
        effects.*,
        checks.title,
        case checks.public_subject
            when 'question' then 'question ' || effects.question_no
            when 'committee' then committees.committee_name
        end as subject
    from effects
    inner join checks
        on effects.check_name = checks.check_name
    left join committees
        on effects.round_id = committees.round_id and effects.committee_id = committees.committee_id

),

final as (

    select
        ---------- ids
        round_id,
        cast(
            row_number() over (
                partition by round_id
                order by check_name asc, question_no asc nulls last, subject asc nulls last, sentence asc
            ) as integer
        ) as effect_no,
        check_name,

        ---------- the finding, as far as it is public
        title,
        subject,
        decision,

        ---------- what the decision did
        cast(questions_moved as integer) as questions_moved,
        moves,
        sentence
    from public_effects

)

select * from final
