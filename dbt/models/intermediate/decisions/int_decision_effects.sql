with

decisions as (

    select * from {{ ref('int_decisions') }}
    where fault is null

),

checks as (

    select * from {{ ref('quality_checks') }}

),

committees as (

    select * from {{ ref('int_committee_rounds') }}

),

alternatives as (

    select distinct
        finding_id,
        alternative
    from {{ ref('int_decision_alternatives') }}

),

ranking as (

    select * from {{ ref('int_ranking') }}
    where consortium_code = 'all'

),

scenarios as (

    select * from {{ ref('int_scenario_ranks') }}
    where scenario = 'decided_otherwise'

),

moves as (

    select
        decisions.finding_id,
        ranking.question_no,
        concat_ws(
            ' ',
            'question',
            ranking.question_no,
            'from',
            coalesce(cast(ranking.confidence_rank as string), 'no rank'),
            'to',
            coalesce(cast(scenarios.confidence_rank as string), 'no rank')
        ) as move
    from decisions
    inner join alternatives
        on decisions.finding_id = alternatives.finding_id
    inner join ranking
        on decisions.round_id = ranking.round_id
    left join scenarios
        on
            ranking.round_id = scenarios.round_id
            and ranking.question_no = scenarios.question_no
            and decisions.finding_id = scenarios.variant
    where ranking.confidence_rank is distinct from scenarios.confidence_rank

),

moved as (

    select
        finding_id,
        count(*) as questions_moved,
        {{ joined('move', "', '", 'question_no') }} as moves
    from moves
    group by finding_id

),

worded as (

    select
        decisions.finding_id,
        decisions.round_id,
        decisions.check_name,
        decisions.committee_id,
        decisions.question_no,
        decisions.decision,
        alternatives.alternative,
        case when alternatives.alternative is not null then coalesce(moved.questions_moved, 0) end as questions_moved,
        moved.moves,
        case when checks.public_subject = 'committee' then committees.committee_name else 'the return' end as sender
    from decisions
    inner join checks
        on decisions.check_name = checks.check_name
    left join committees
        on
            decisions.round_id = committees.round_id
            and decisions.committee_id = committees.committee_id
    left join alternatives
        on decisions.finding_id = alternatives.finding_id
    left join moved
        on decisions.finding_id = moved.finding_id

)

select
    ---------- ids
    finding_id,
    round_id,
    check_name,
    committee_id,
    question_no,

    ---------- the decision, and what else could have been decided
    decision,
    alternative,

    ---------- what the alternative would have moved
    questions_moved,
    moves,
    case
        when decision = 'leave_blank' then 'A blank counts for no colour: the decision moves no rank.'
        when alternative is null then 'No rating that is counted depends on the decision.'
        else
            case
                -- A rating that was accepted as it stands never was a blank.
                when alternative = 'leave_rating_blank' and decision = 'accept' then 'Not counting the rating'
                when alternative = 'leave_rating_blank' then 'Leaving the rating blank'
                when alternative = 'count_once' then 'Counting ' || sender || ' once'
                when alternative = 'count_both' then 'Counting ' || sender || ' as well'
                when alternative = 'count' then 'Counting ' || sender
                else 'Setting ' || sender || ' aside'
            end
            || ' would move ' || coalesce(moves, 'no rank') || '.'
    end as sentence
from worded
