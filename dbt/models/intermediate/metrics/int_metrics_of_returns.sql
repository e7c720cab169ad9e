with

returns as (

    select * from {{ ref('int_return_statuses') }}

),

rounds as (

    select * from {{ ref('int_round_order') }}

),

ranking as (

    select * from {{ ref('int_ranking') }}

),

-- As many metrics of each kind as a claim may ask for.
numbers_of_blanks as (

    select number as blanks from {{ numbers_below(100) }}

),

returns_by_blanks as (

    select
        round_id,
        blank_ratings,
        count(*) as returns
    from returns
    where is_counted
    group by round_id, blank_ratings

),

final as (

    select
        'returns_with_blanks_' || numbers_of_blanks.blanks as metric,
        counts.round_id,
        cast(
            coalesce(sum(counts.returns) filter (where counts.blank_ratings = numbers_of_blanks.blanks), 0) as double
        ) as number_value
    from returns_by_blanks as counts
    cross join numbers_of_blanks
    group by numbers_of_blanks.blanks, counts.round_id
    union all
    select
        'questions_with_blanks_' || numbers_of_blanks.blanks as metric,
        ranking.round_id,
        cast(count(*) filter (where ranking.blank = numbers_of_blanks.blanks) as double) as number_value
    from ranking
    cross join numbers_of_blanks
    where ranking.consortium_code = 'all'
    group by numbers_of_blanks.blanks, ranking.round_id
    union all
    select
        'blank' as metric,
        round_id,
        cast(sum(blank) as double) as number_value
    from ranking
    where consortium_code = 'all'
    group by round_id
    union all
    select
        'returns_outside_fieldwork' as metric,
        returns.round_id,
        cast(
            count(*) filter (
                where coalesce(returns.received_on not between rounds.fieldwork_start and rounds.fieldwork_end, true)
            ) as double
        ) as number_value
    from returns
    inner join rounds
        on returns.round_id = rounds.round_id
    where returns.return_status = 'returned'
    group by returns.round_id

)

select * from final
