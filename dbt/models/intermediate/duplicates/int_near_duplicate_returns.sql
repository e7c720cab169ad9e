with

similar_returns as (

    select * from {{ ref('int_similar_returns') }}

),

answers as (

    select * from {{ ref('int_answers') }}

),

returns as (

    select * from {{ ref('int_returns') }}

),

members as (

    select one_no as return_no from similar_returns
    union
    select other_no as return_no from similar_returns

),

compared_answers as (

    select
        answers.return_no,
        answers.question_no,
        answers.reported_rating
    from answers
    inner join members
        on answers.return_no = members.return_no

),

pairs as (

    select
        similar_returns.one_no,
        similar_returns.other_no,
        similar_returns.comment_share,
        avg(cast(one.reported_rating is not distinct from other.reported_rating as integer)) as rating_share
    from similar_returns
    inner join compared_answers as one
        on similar_returns.one_no = one.return_no
    inner join compared_answers as other
        on similar_returns.other_no = other.return_no and one.question_no = other.question_no
    group by all
    having rating_share >= {{ var('near_duplicate_rating_share') }}

),

-- Each pair in both directions: a return, and the one that it may repeat.
directed as (

    select
        one_no as return_no,
        other_no as original_no,
        comment_share,
        rating_share
    from pairs
    union all
    select
        other_no as return_no,
        one_no as original_no,
        comment_share,
        rating_share
    from pairs

),

-- The return that came first is the original, as for exact duplicates. Of two of one day, or without a date, it is the
-- first by committee.
repeats as (

    select
        returns.round_id,
        directed.return_no,
        returns.committee_id,
        directed.original_no as near_duplicate_of_return_no,
        originals.committee_id as near_duplicate_of_committee_id,
        directed.comment_share,
        directed.rating_share
    from directed
    inner join returns
        on directed.return_no = returns.return_no
    inner join returns as originals
        on directed.original_no = originals.return_no
    where
        case
            when (originals.received_on is not distinct from returns.received_on)
                then originals.committee_id < returns.committee_id
            else coalesce(originals.received_on < returns.received_on, originals.received_on is not null)
        end

),

final as (

    select *
    from repeats
    qualify row_number() over (
        partition by return_no
        order by comment_share desc, rating_share desc, near_duplicate_of_committee_id asc
    ) = 1

)

select * from final
