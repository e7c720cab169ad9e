with

ratings as (

    select * from {{ ref('int_compared_ratings') }}

),

ratings_before as (

    select * from {{ ref('int_ratings_before') }}

),

predecessors as (

    select * from {{ ref('int_committee_predecessors') }}

),

committees as (

    select * from {{ ref('int_committee_rounds') }}

),

rating_scale as (

    select * from {{ ref('rating_scale') }}

),

rated_now as (

    select * from ratings
    where moment = 'now'

),

succeeded as (

    select
        rated_now.round_id,
        rated_now.question_no,
        predecessors.previous_committee_id
    from rated_now
    inner join predecessors
        on rated_now.round_id = predecessors.round_id and rated_now.committee_id = predecessors.committee_id

),

compared as (

    select
        rated_now.*,
        ratings_before.rating as rating_then,
        rated_now.rating as rating_now,
        ratings_before.committee_id is not null as is_in_both
    from rated_now
    left join ratings_before
        on
            rated_now.round_id = ratings_before.round_id
            and rated_now.committee_id = ratings_before.committee_id
            and rated_now.question_no = ratings_before.question_no
    union all
    select
        ratings.*,
        ratings.rating as rating_then,
        null as rating_now,
        false as is_in_both
    from ratings
    left join succeeded
        on
            ratings.round_id = succeeded.round_id
            and ratings.question_no = succeeded.question_no
            and ratings.committee_id = succeeded.previous_committee_id
    where
        ratings.moment = 'then'
        and succeeded.previous_committee_id is null

),

final as (

    select
        compared.round_id,
        compared.previous_round_id,
        compared.question_no,
        compared.question_key,
        compared.committee_id,
        coalesce(committees.consortium_code, committees_before.consortium_code) as consortium_code,
        compared.rating_then,
        compared.rating_now,
        case
            when compared.rating_now is null then 'only_then'
            when compared.rating_then is null and compared.is_in_both then 'unclear_before'
            when compared.rating_then is null then 'only_now'
            when scale_now.sort_order > scale_then.sort_order then 'up'
            when scale_now.sort_order < scale_then.sort_order then 'down'
            else 'same'
        end as movement
    from compared
    left join committees
        on compared.round_id = committees.round_id and compared.committee_id = committees.committee_id
    left join committees as committees_before
        on
            compared.previous_round_id = committees_before.round_id
            and compared.committee_id = committees_before.committee_id
    left join rating_scale as scale_then
        on compared.rating_then = scale_then.rating
    left join rating_scale as scale_now
        on compared.rating_now = scale_now.rating

)

select * from final
