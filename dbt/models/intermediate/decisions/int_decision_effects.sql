with

decisions as (

    select * from {{ ref('int_decisions') }}

),

checks as (

    select * from {{ ref('quality_checks') }}

),

committees as (

    select * from {{ ref('int_committee_rounds') }}

),

moves as (

    select * from {{ ref('int_decision_moves') }}

),

described as (

    select
        decisions.finding_id,
        decisions.round_id,
        decisions.check_name,
        decisions.committee_id,
        decisions.question_no,
        decisions.decision,
        moves.alternative,
        moves.questions_moved,
        moves.moves,
        case when checks.public_subject = 'committee' then committees.committee_name else 'the return' end as sender
    from decisions
    inner join checks
        on decisions.check_name = checks.check_name
    left join committees
        on decisions.round_id = committees.round_id and decisions.committee_id = committees.committee_id
    left join moves
        on decisions.finding_id = moves.finding_id
    where decisions.fault is null

),

final as (

    select
        finding_id,
        round_id,
        check_name,
        committee_id,
        question_no,
        decision,
        alternative,
        questions_moved,
        moves,
        case
            when decision = 'leave_blank' then 'A blank counts for no colour: the decision moves no rank.'
            when alternative is null then 'No rating that is counted depends on the decision.'
            else
                case
                    -- A rating that was accepted as it is was never a blank.
                    when alternative = 'leave_rating_blank' and decision = 'accept' then 'Not counting the rating'
                    when alternative = 'leave_rating_blank' then 'Leaving the rating blank'
                    when alternative = 'count_once' then 'Counting ' || sender || ' once'
                    when alternative = 'count_both' then 'Counting ' || sender || ' as well'
                    when alternative = 'count' then 'Counting ' || sender
                    else 'Setting ' || sender || ' aside'
                end
                || ' would move ' || coalesce(moves, 'no rank') || '.'
        end as sentence
    from described

)

select * from final
