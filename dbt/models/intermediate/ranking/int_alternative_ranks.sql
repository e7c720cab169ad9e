with

ranking as (

    select * from {{ ref('int_ranking') }}

),

national as (

    select * from ranking
    where
        consortium_code = 'all'
        and confidence_rank is not null

),

-- Other conventions for ties: dense ranks leave no gap after a tie; modified ranks give a tie its highest number. The
-- sums are ranked, so what is equal in all of them is left out.
summed as (

    select
        *,
        dense_rank() over (partition by round_id order by green desc)
        + dense_rank() over (partition by round_id order by red asc) as dense_sum,
        green_rank + count(*) over (partition by round_id, green)
        + red_rank + count(*) over (partition by round_id, red) as modified_sum,
        2 * green_rank + count(*) over (partition by round_id, green)
        + 2 * red_rank + count(*) over (partition by round_id, red) as twice_fractional_sum
    from national

),

final as (

    select
        round_id,
        question_no,
        cast(rank() over (partition by round_id order by green - red desc) as integer) as rank_net,
        cast(
            rank() over (partition by round_id order by round((2 * green + amber) / rated, 9) desc) as integer
        ) as rank_mean_score,
        cast(green_rank as integer) as rank_green_alone,
        cast(red_rank as integer) as rank_red_alone,
        cast(rank() over (partition by round_id order by dense_sum asc) as integer) as rank_colours_dense,
        cast(rank() over (partition by round_id order by modified_sum asc) as integer) as rank_colours_modified,
        cast(rank() over (partition by round_id order by twice_fractional_sum asc) as integer)
            as rank_colours_fractional
    from summed

)

select * from final
