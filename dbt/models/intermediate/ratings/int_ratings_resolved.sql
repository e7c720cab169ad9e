with

answers as (

    select * from {{ ref('int_answers') }}

),

returns as (

    select * from {{ ref('int_returns') }}
    where is_standing

),

decisions as (

    select * from {{ ref('int_decisions') }}

),

estimates as (

    select
        returns.return_no,
        decisions.question_no,
        decisions.estimated_rating
    from decisions
    inner join returns
        on
            decisions.round_id = returns.round_id
            and decisions.committee_id = returns.committee_id
    where
        decisions.check_name = 'blank_rating'
        and decisions.decision = 'estimate'
        and decisions.fault is null

)

-- An estimate fills a blank and never replaces what a committee reported.
select
    ---------- ids
    answers.return_no,
    answers.question_no,

    ---------- ratings
    answers.reported_rating,
    coalesce(answers.reported_rating, estimates.estimated_rating) as resolved_rating,
    case
        when answers.reported_rating is not null then 'reported'
        when estimates.estimated_rating is not null then 'estimated'
        else 'missing'
    end as rating_status,

    ---------- flags
    answers.has_comment
from answers
left join estimates
    on
        answers.return_no = estimates.return_no
        and answers.question_no = estimates.question_no
        and answers.reported_rating is null
