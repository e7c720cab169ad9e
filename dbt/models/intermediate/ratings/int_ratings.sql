with

ratings as (

    select * from {{ ref('int_ratings_resolved') }}

),

returns as (

    select * from {{ ref('int_counted_returns') }}

),

final as (

    select
        returns.round_id,
        returns.committee_id,
        ratings.return_no,
        ratings.question_no,
        ratings.reported_rating,
        ratings.resolved_rating,
        ratings.rating_status,
        ratings.has_comment,
        returns.duplicate_of_committee_id is not null as is_duplicate,
        returns.is_counted
    from ratings
    inner join returns
        on ratings.return_no = returns.return_no
    where returns.is_returned

)

select * from final
