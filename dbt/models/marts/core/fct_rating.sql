with

numbers as (

    select * from {{ ref('int_returns') }}

),

returns as (

    select
        returned.*,
        numbers.return_no
    from {{ ref('fct_return') }} as returned
    inner join numbers
        on
            returned.round_id = numbers.round_id
            and returned.source_file = numbers.source_file
    where returned.return_status = 'returned'

),

ratings as (

    select * from {{ ref('int_ratings_resolved') }}

)

select
    ---------- ids
    returns.round_id,
    returns.committee_id,
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
    on ratings.return_no = returns.return_no
