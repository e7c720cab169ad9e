with

counts as (

    select * from {{ ref('int_rating_counts') }}

),

ratings as (

    select * from {{ ref('int_ratings') }}

),

counted as (

    select
        round_id,
        question_no,
        consortium_code,
        returns,
        rating,
        count_of_rating
    from counts
    unpivot (count_of_rating for rating in (green, amber, red))

),

compared as (

    select
        round_id,
        question_no,
        consortium_code,
        rating,
        cast(count_of_rating as double) as count,
        cast(count_of_rating / nullif(returns, 0) as double) as share,
        cast(
            rank() over (partition by round_id, consortium_code, rating order by count_of_rating asc) - 1 as double
        ) as questions_with_fewer,
        cast(
            count(*) over (partition by round_id, consortium_code, rating, count_of_rating) - 1 as double
        ) as questions_with_as_many
    from counted

),

final as (

    select
        metric,
        round_id,
        question_no,
        consortium_code,
        rating,
        number_value
    from compared
    unpivot (number_value for metric in (count, share, questions_with_fewer, questions_with_as_many))
    union all
    select
        'without_comment' as metric,
        round_id,
        question_no,
        'all' as consortium_code,
        resolved_rating as rating,
        cast(count(*) filter (where not has_comment) as double) as number_value
    from ratings
    where is_counted
    group by round_id, question_no, resolved_rating

)

select * from final
