with

rounds as (

    select * from {{ ref('int_round_order') }}

),

counts as (

    select * from {{ ref('int_rating_counts') }}

),

-- An open round is not complete: its shares still move.
totals as (

    select
        rounds.round_id,
        rounds.position,
        max(counts.returns) as returns,
        sum(counts.green) / sum(counts.returns) as green,
        sum(counts.amber) / sum(counts.returns) as amber,
        sum(counts.red) / sum(counts.returns) as red,
        sum(counts.blank) / sum(counts.returns) as blank
    from rounds
    inner join counts
        on rounds.round_id = counts.round_id
    where
        rounds.closed_on is not null
        and counts.consortium_code = 'all'
        and counts.returns > 0
    group by rounds.round_id, rounds.position

),

shares as (

    select
        round_id,
        position,
        returns,
        measure,
        share
    from totals
    unpivot (share for measure in (green, amber, red, blank))

),

compared as (

    select
        *,
        lag(round_id) over (partition by measure order by position asc) as previous_round_id,
        lag(share) over (partition by measure order by position asc) as previous_share,
        lag(returns) over (partition by measure order by position asc) as previous_returns
    from shares

),

-- Rounds of few returns can differ as much by chance.
large as (

    select * from compared
    where
        round(abs(share - previous_share), 9)
        > case
            when measure = 'blank' then {{ var('large_change_of_blanks') }} else {{ var('large_change_of_ratings') }}
        end
        and least(returns, previous_returns) >= {{ var('large_change_least_returns') }}

),

worded as (

    select
        round_id,
        'share of ' || measure as subject,
        'The share of ' || measure || ' ratings is ' || cast(round(100 * share) as integer) || '%. In round '
        || previous_round_id || ' it was ' || cast(round(100 * previous_share) as integer) || '%.' as detail
    from large

),

-- A decision covers these shares: it is stale once one of them rounds to another percentage.
final as (

    select {{ finding_columns('large_change', content='detail', about=[]) }}
    from worded

)

select * from final
