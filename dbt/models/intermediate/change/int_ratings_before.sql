with

ratings as (

    select * from {{ ref('int_compared_ratings') }}

),

predecessors as (

    select * from {{ ref('int_committee_predecessors') }}

),

ratings_of_predecessors as (

    select
        predecessors.round_id,
        predecessors.committee_id,
        predecessors.predecessors,
        ratings.question_no,
        ratings.rating
    from predecessors
    inner join ratings
        on
            predecessors.round_id = ratings.round_id
            and predecessors.previous_committee_id = ratings.committee_id
    where ratings.moment = 'then'

),

-- A committee that succeeded several is compared where all of them gave the same rating: a green and a red together
-- make no rating. Only the ratings of such committees are grouped.
final as (

    select
        round_id,
        committee_id,
        question_no,
        rating
    from ratings_of_predecessors
    where predecessors = 1
    union all
    select
        round_id,
        committee_id,
        question_no,
        case when count(*) = max(predecessors) and min(rating) = max(rating) then min(rating) end as rating
    from ratings_of_predecessors
    where predecessors > 1
    group by round_id, committee_id, question_no

)

select * from final
