with

passages as (

    select * from {{ ref('int_weighted_passages') }}

),

comments as (

    select * from {{ ref('int_comment_passages') }}

),

-- A return's own passages are in few other returns. Pairs that share one grow with the returns, not with their square.
own_passages as (

    select * from passages
    where
        returns <= {{ var('own_passage_most_returns') }}
        and weight is not null

),

pairs as (

    select
        one.return_no as one_no,
        other.return_no as other_no,
        count(*) as shared
    from own_passages as one
    inner join own_passages as other
        on one.passage = other.passage and one.return_no < other.return_no
    group by all
    having count(*) >= {{ var('near_duplicate_least_passages') }}

),

members as (

    select one_no as return_no from pairs
    union
    select other_no as return_no from pairs

),

said as (

    select
        comments.return_no,
        {{ each_of('comments.passages') }} as passage
    from comments
    inner join members
        on comments.return_no = members.return_no

),

said_counts as (

    select
        return_no,
        count(distinct passage) as passages
    from said
    group by return_no

),

sizes as (

    select
        passages.return_no,
        count(*) filter (
            where passages.returns <= {{ var('own_passage_most_returns') }} and passages.weight is not null
        ) + max(said_counts.passages) - count(*) as own_passages,
        sum(passages.weight) + max(passages.unique_weight) * (max(said_counts.passages) - count(*)) as weight
    from passages
    inner join said_counts
        on passages.return_no = said_counts.return_no
    group by passages.return_no

),

candidates as (

    select
        pairs.one_no,
        pairs.other_no,
        one.weight + other.weight as weight
    from pairs
    inner join sizes as one
        on pairs.one_no = one.return_no
    inner join sizes as other
        on pairs.other_no = other.return_no
    where
        pairs.shared >= {{ var('near_duplicate_own_share') }} * (one.own_passages + other.own_passages - pairs.shared)

),

-- The share of the weight of all passages of the two that both have (weighted Jaccard index).
final as (

    select
        candidates.one_no,
        candidates.other_no,
        sum(one.weight) / (max(candidates.weight) - sum(one.weight)) as comment_share
    from candidates
    inner join passages as one
        on candidates.one_no = one.return_no
    inner join passages as other
        on candidates.other_no = other.return_no and one.passage = other.passage
    group by all
    having comment_share >= {{ var('near_duplicate_comment_share') }}

)

select * from final
