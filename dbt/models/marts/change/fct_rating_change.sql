with

questions as (

    select * from {{ ref('int_question_changes') }}
    where is_comparable

),

ratings as (

    select * from {{ ref('fct_rating') }}
    where
        is_counted
        and resolved_rating is not null

),

rounds as (

    select * from {{ ref('int_round_order') }}

),

committees as (

    select * from {{ ref('dim_committee_round') }}

),

successions as (

    select * from {{ ref('committee_successions') }}

),

rating_scale as (

    select * from {{ ref('dim_rating') }}

),

-- Whom a committee follows: those whose place it took, or itself.
links as (

    select
        committees.round_id,
        committees.committee_id,
        coalesce(successions.from_committee_id, committees_before.committee_id) as previous_committee_id,
        count(*) over (partition by committees.round_id, committees.committee_id) as predecessors
    from committees
    inner join rounds
        on committees.round_id = rounds.round_id
    left join successions
        on
            committees.round_id = successions.round_id
            and committees.committee_id = successions.to_committee_id
    left join committees as committees_before
        on
            rounds.previous_round_id = committees_before.round_id
            and committees.committee_id = committees_before.committee_id
    where coalesce(successions.from_committee_id, committees_before.committee_id) is not null

),

rated_now as (

    select
        questions.round_id,
        questions.previous_round_id,
        questions.question_no,
        questions.question_key,
        ratings.committee_id,
        ratings.resolved_rating as rating
    from questions
    inner join ratings
        on
            questions.round_id = ratings.round_id
            and questions.question_no = ratings.question_no

),

rated_then as (

    select
        questions.round_id,
        questions.previous_round_id,
        questions.question_no,
        questions.question_key,
        ratings.committee_id,
        ratings.resolved_rating as rating
    from questions
    inner join ratings
        on
            questions.previous_round_id = ratings.round_id
            and questions.previous_question_no = ratings.question_no

),

said_before as (

    select
        links.round_id,
        links.committee_id,
        rated_then.question_no,
        rated_then.rating,
        links.predecessors
    from links
    inner join rated_then
        on
            links.round_id = rated_then.round_id
            and links.previous_committee_id = rated_then.committee_id

),

-- A committee that took the place of several is compared where all of them gave one rating: what is made of a green
-- and a red has no rating of its own to be compared with. Only the answers of such are gathered.
ratings_before as (

    select
        round_id,
        committee_id,
        question_no,
        rating
    from said_before
    where predecessors = 1
    union all
    select
        round_id,
        committee_id,
        question_no,
        case when count(*) = max(predecessors) and min(rating) = max(rating) then min(rating) end as rating
    from said_before
    where predecessors > 1
    group by round_id, committee_id, question_no

),

followed as (

    select
        rated_now.round_id,
        rated_now.question_no,
        links.previous_committee_id
    from rated_now
    inner join links
        on
            rated_now.round_id = links.round_id
            and rated_now.committee_id = links.committee_id

),

compared as (

    select
        rated_now.round_id,
        rated_now.previous_round_id,
        rated_now.question_no,
        rated_now.question_key,
        rated_now.committee_id,
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
        rated_then.round_id,
        rated_then.previous_round_id,
        rated_then.question_no,
        rated_then.question_key,
        rated_then.committee_id,
        rated_then.rating as rating_then,
        null as rating_now,
        false as is_in_both
    from rated_then
    left join followed
        on
            rated_then.round_id = followed.round_id
            and rated_then.question_no = followed.question_no
            and rated_then.committee_id = followed.previous_committee_id
    where followed.previous_committee_id is null

)

select
    ---------- ids
    compared.round_id,
    compared.previous_round_id,
    compared.question_no,
    compared.question_key,
    compared.committee_id,
    coalesce(committees.consortium_code, committees_before.consortium_code) as consortium_code,

    ---------- ratings
    compared.rating_then,
    compared.rating_now,

    ---------- what became of it
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
    on
        compared.round_id = committees.round_id
        and compared.committee_id = committees.committee_id
left join committees as committees_before
    on
        compared.previous_round_id = committees_before.round_id
        and compared.committee_id = committees_before.committee_id
left join rating_scale as scale_then
    on compared.rating_then = scale_then.rating
left join rating_scale as scale_now
    on compared.rating_now = scale_now.rating
