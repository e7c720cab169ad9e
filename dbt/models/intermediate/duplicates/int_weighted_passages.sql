with

passages as (

    select * from {{ ref('int_repeated_passages') }}

),

contents as (

    select * from {{ ref('int_return_contents') }}

),

rounds as (

    select
        round_id,
        count(*) as returns,
        greatest({{ var('boilerplate_least_returns') }}, {{ var('boilerplate_above_share') }} * count(*))
            as max_returns
    from contents
    group by all

),

said as (

    select distinct
        return_no,
        passage
    from passages

),

counted as (

    select
        passage,
        count(*) as returns,
        min(return_no) as return_no
    from said
    group by passage

),

-- Boilerplate, which many returns have, is not a sign of a copy: it has no weight. A passage that no other return has
-- weighs as much as one that two returns have, because a copy may have changed it.
weights as (

    select
        counted.passage,
        counted.returns,
        case
            when counted.returns <= rounds.max_returns
                then {{ passage_weight('rounds.returns', 'counted.returns') }}
        end as weight,
        {{ passage_weight('rounds.returns', 2) }} as unique_weight
    from counted
    inner join contents
        on counted.return_no = contents.return_no
    inner join rounds
        on contents.round_id = rounds.round_id

),

final as (

    select
        said.return_no,
        said.passage,
        weights.returns,
        weights.weight,
        weights.unique_weight
    from said
    inner join weights
        on said.passage = weights.passage

)

select * from final
