with

answers as (

    select * from {{ ref('int_answers') }}

),

decisions as (

    select * from {{ ref('int_decisions') }}

),

estimates as (

    select * from decisions
    where
        check_name = 'blank_rating'
        and decision = 'estimate'
        and fault is null

)

-- An estimate fills a blank and never replaces what a committee reported.
select
    ---------- ids
    answers.round_id,
    answers.committee_id,
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
        answers.round_id = estimates.round_id
        and answers.committee_id = estimates.committee_id
        and answers.question_no = estimates.question_no
        and answers.reported_rating is null
