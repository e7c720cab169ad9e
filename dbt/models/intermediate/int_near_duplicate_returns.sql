with

passages as (

    select * from {{ ref('int_comment_passages') }}

),

contents as (

    select * from {{ ref('int_return_contents') }}

),

returns as (

    select * from {{ ref('int_returns') }}
    where is_standing

),

answers as (

    select * from {{ ref('int_answers') }}

),

-- What many returns say is boilerplate: it speaks neither for nor against a copy.
common as (

    select
        round_id,
        count(*) as returns,
        greatest({{ var('boilerplate_least_returns') }}, {{ var('boilerplate_above_share') }} * count(*))
            as most_returns
    from contents
    group by all

),

-- Most passages stand in one return alone and pair it with none: what follows is about the few others.
repeated as (

    select
        round_id,
        passage
    from passages
    group by round_id, passage
    having min(committee_id) <> max(committee_id)

),

shared as (

    select distinct
        passages.round_id,
        passages.committee_id,
        passages.passage
    from passages
    inner join repeated
        on
            passages.round_id = repeated.round_id
            and passages.passage = repeated.passage

),

spread as (

    select
        round_id,
        passage,
        count(*) as returns
    from shared
    group by round_id, passage

),

-- A return's own passages stand in it and in a few others at most: the pairs that share one grow with the
-- returns, not with their square.
own as (

    select
        shared.round_id,
        shared.committee_id,
        shared.passage
    from shared
    inner join spread
        on
            shared.round_id = spread.round_id
            and shared.passage = spread.passage
    inner join common
        on spread.round_id = common.round_id
    where
        spread.returns <= {{ var('own_passage_most_returns') }}
        and spread.returns <= common.most_returns

),

pairs as (

    select
        one.round_id,
        one.committee_id as one_id,
        other.committee_id as other_id,
        count(*) as passages
    from own as one
    inner join own as other
        on
            one.round_id = other.round_id
            and one.passage = other.passage
            and one.committee_id < other.committee_id
    group by all
    having count(*) >= {{ var('near_duplicate_least_passages') }}

),

members as (

    select
        round_id,
        one_id as committee_id
    from pairs
    union
    select
        round_id,
        other_id as committee_id
    from pairs

),

-- All that the members say but boilerplate. The rarer a passage, the more it says (inverse document frequency); one
-- that a copy alone has changed says no more than one that it shares.
weighed as (

    select distinct
        passages.round_id,
        passages.committee_id,
        passages.passage,
        coalesce(spread.returns, 1) as returns,
        ln(1 + common.returns / greatest(coalesce(spread.returns, 1), 2)) as weight
    from passages
    inner join members
        on
            passages.round_id = members.round_id
            and passages.committee_id = members.committee_id
    inner join common
        on passages.round_id = common.round_id
    left join spread
        on
            passages.round_id = spread.round_id
            and passages.passage = spread.passage
    where coalesce(spread.returns, 1) <= common.most_returns

),

sizes as (

    select
        round_id,
        committee_id,
        count(*) filter (where returns <= {{ var('own_passage_most_returns') }}) as own_passages,
        sum(weight) as total_weight
    from weighed
    group by round_id, committee_id

),

candidates as (

    select
        pairs.*,
        one.total_weight + other.total_weight as total_weight
    from pairs
    inner join sizes as one
        on
            pairs.round_id = one.round_id
            and pairs.one_id = one.committee_id
    inner join sizes as other
        on
            pairs.round_id = other.round_id
            and pairs.other_id = other.committee_id
    where
        pairs.passages
        >= {{ var('near_duplicate_own_share') }} * (one.own_passages + other.own_passages - pairs.passages)

),

-- The exact measure, of the candidates alone.
alike as (

    select
        candidates.round_id,
        candidates.one_id,
        candidates.other_id,
        sum(one.weight) / (max(candidates.total_weight) - sum(one.weight)) as comment_share
    from candidates
    inner join weighed as one
        on
            candidates.round_id = one.round_id
            and candidates.one_id = one.committee_id
    inner join weighed as other
        on
            candidates.round_id = other.round_id
            and candidates.other_id = other.committee_id
            and one.passage = other.passage
    group by all
    having comment_share >= {{ var('near_duplicate_comment_share') }}

),

rated as (

    select
        alike.round_id,
        alike.one_id,
        alike.other_id,
        alike.comment_share,
        avg(cast(one.reported_rating is not distinct from other.reported_rating as integer)) as rating_share
    from alike
    inner join answers as one
        on
            alike.round_id = one.round_id
            and alike.one_id = one.committee_id
    inner join answers as other
        on
            alike.round_id = other.round_id
            and alike.other_id = other.committee_id
            and one.question_no = other.question_no
    group by all
    having rating_share >= {{ var('near_duplicate_rating_share') }}

),

-- As for exact duplicates, the one that came first is the one that is repeated.
ordered as (

    select
        rated.*,
        coalesce(one.received_on <= other.received_on, one.received_on is not null or other.received_on is null)
            as one_is_first
    from rated
    inner join returns as one
        on
            rated.round_id = one.round_id
            and rated.one_id = one.committee_id
    inner join returns as other
        on
            rated.round_id = other.round_id
            and rated.other_id = other.committee_id

),

named as (

    select
        round_id,
        comment_share,
        rating_share,
        case when one_is_first then other_id else one_id end as committee_id,
        case when one_is_first then one_id else other_id end as near_duplicate_of_committee_id
    from ordered

),

nearest as (

    select
        *,
        row_number() over (
            partition by round_id, committee_id
            order by comment_share desc, rating_share desc, near_duplicate_of_committee_id asc
        ) as place
    from named

)

select
    ---------- ids
    nearest.round_id,
    nearest.committee_id,
    nearest.near_duplicate_of_committee_id,

    ---------- content of both
    concat_ws(chr(31), own_contents.content_hash, first_contents.content_hash) as content,

    ---------- how much is the same, as shares from 0 to 1
    nearest.comment_share,
    nearest.rating_share
from nearest
inner join contents as own_contents
    on
        nearest.round_id = own_contents.round_id
        and nearest.committee_id = own_contents.committee_id
inner join contents as first_contents
    on
        nearest.round_id = first_contents.round_id
        and nearest.near_duplicate_of_committee_id = first_contents.committee_id
where nearest.place = 1
