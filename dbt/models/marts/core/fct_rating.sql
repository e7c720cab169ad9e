with

returns as (

    select * from {{ ref('fct_return') }}
    where return_status = 'returned'

),

ratings as (

    select * from {{ ref('int_ratings_resolved') }}

)

select
    ---------- ids
    ratings.round_id,
    ratings.committee_id,
    ratings.question_no,

    ---------- ratings
    ratings.reported_rating,
    ratings.resolved_rating,
    ratings.rating_status,

    ---------- flags
    ratings.has_comment,
    returns.duplicate_of_committee_id is not null as is_duplicate,
    returns.is_counted
from ratings
inner join returns
    on
        ratings.round_id = returns.round_id
        and ratings.committee_id = returns.committee_id
