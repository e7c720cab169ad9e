with

passages as (

    select * from {{ ref('int_repeated_passages') }}

),

contents as (

    select * from {{ ref('int_return_contents') }}

),

returns as (

    select * from {{ ref('int_returns') }}

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

shared as (

    select distinct
        return_no,
        passage
    from passages

),

spread as (

    select
        passage,
        count(*) as returns,
        min(return_no) as return_no
    from shared
    group by passage

),

-- The rarer a passage, the more it says (inverse document frequency). Whole millionths, whose sums are the same in any
-- order.
weights as (

    select
        spread.passage,
        spread.returns,
        cast(round(1000000 * ln(1 + common.returns / spread.returns)) as bigint) as weight,
        spread.returns <= common.most_returns as is_telling
    from spread
    inner join returns
        on spread.return_no = returns.return_no
    inner join common
        on returns.round_id = common.round_id

),

-- A return's own passages stand in it and in a few others at most: the pairs that share one grow with the
-- returns, not with their square.
own as (

    select
        shared.return_no,
        shared.passage
    from shared
    inner join weights
        on shared.passage = weights.passage
    where
        weights.returns <= {{ var('own_passage_most_returns') }}
        and weights.is_telling

),

pairs as (

    select
        one.return_no as one_no,
        other.return_no as other_no,
        count(*) as passages
    from own as one
    inner join own as other
        on
            one.passage = other.passage
            and one.return_no < other.return_no
    group by all
    having count(*) >= {{ var('near_duplicate_least_passages') }}

),

members as (

    select one_no as return_no from pairs
    union
    select other_no as return_no from pairs

),

-- All that the members say.
said as (

    select distinct
        members.return_no,
        {{ each_of('comments.passages') }} as passage
    from {{ ref('int_comment_passages') }} as comments
    inner join members
        on comments.return_no = members.return_no

),

-- ... but boilerplate. What a copy alone has changed says no more than what it shares with one other.
weighed as (

    select
        said.return_no,
        said.passage,
        coalesce(weights.returns, 1) as returns,
        coalesce(weights.weight, cast(round(1000000 * ln(1 + common.returns / 2)) as bigint)) as weight
    from said
    inner join returns
        on said.return_no = returns.return_no
    inner join common
        on returns.round_id = common.round_id
    left join weights
        on said.passage = weights.passage
    where coalesce(weights.is_telling, true)

),

sizes as (

    select
        return_no,
        count(*) filter (where returns <= {{ var('own_passage_most_returns') }}) as own_passages,
        sum(weight) as total_weight
    from weighed
    group by return_no

),

candidates as (

    select
        pairs.*,
        one.total_weight + other.total_weight as total_weight
    from pairs
    inner join sizes as one
        on pairs.one_no = one.return_no
    inner join sizes as other
        on pairs.other_no = other.return_no
    where
        pairs.passages
        >= {{ var('near_duplicate_own_share') }} * (one.own_passages + other.own_passages - pairs.passages)

),

-- The exact measure, of the candidates alone.
alike as (

    select
        candidates.one_no,
        candidates.other_no,
        sum(one.weight) / (max(candidates.total_weight) - sum(one.weight)) as comment_share
    from candidates
    inner join weighed as one
        on candidates.one_no = one.return_no
    inner join weighed as other
        on
            candidates.other_no = other.return_no
            and one.passage = other.passage
    group by all
    having comment_share >= {{ var('near_duplicate_comment_share') }}

),

rated as (

    select
        alike.one_no,
        alike.other_no,
        alike.comment_share,
        avg(cast(one.reported_rating is not distinct from other.reported_rating as integer)) as rating_share
    from alike
    inner join answers as one
        on alike.one_no = one.return_no
    inner join answers as other
        on
            alike.other_no = other.return_no
            and one.question_no = other.question_no
    group by all
    having rating_share >= {{ var('near_duplicate_rating_share') }}

),

-- As for exact duplicates, the one that came first is the one that is repeated; of two of one day, or without one,
-- the first by its committee.
ordered as (

    select
        one.round_id,
        one.return_no as one_no,
        one.committee_id as one_id,
        other.return_no as other_no,
        other.committee_id as other_id,
        rated.comment_share,
        rated.rating_share,
        case
            when (one.received_on is not distinct from other.received_on) then one.committee_id < other.committee_id
            else coalesce(one.received_on < other.received_on, one.received_on is not null)
        end as one_is_first
    from rated
    inner join returns as one
        on rated.one_no = one.return_no
    inner join returns as other
        on rated.other_no = other.return_no

),

named as (

    select
        round_id,
        comment_share,
        rating_share,
        case when one_is_first then other_no else one_no end as return_no,
        case when one_is_first then other_id else one_id end as committee_id,
        case when one_is_first then one_no else other_no end as near_duplicate_of_return_no,
        case when one_is_first then one_id else other_id end as near_duplicate_of_committee_id
    from ordered

),

nearest as (

    select
        *,
        row_number() over (
            partition by return_no
            order by comment_share desc, rating_share desc, near_duplicate_of_committee_id asc
        ) as place
    from named

)

select
    ---------- ids
    round_id,
    return_no,
    committee_id,
    near_duplicate_of_return_no,
    near_duplicate_of_committee_id,

    ---------- how much is the same, as shares from 0 to 1
    comment_share,
    rating_share
from nearest
where place = 1
