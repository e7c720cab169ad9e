with

ratings as (

    select * from {{ ref('int_ratings') }}

),

-- A second import: DuckDB keeps the rows of a CTE that is read twice, and a large round does not fit into memory.
left_out_ratings as (

    select * from {{ ref('int_ratings') }}

),

returns as (

    select * from {{ ref('int_counted_returns') }}

),

counts as (

    select * from {{ ref('int_treatment_counts') }}

),

-- To leave a return out changes the order of two questions only if their counts differ by one at most.
neighbours as (

    select
        *,
        least(
            green - lag(green) over (partition by round_id order by green, question_no),
            lead(green) over (partition by round_id order by green, question_no) - green
        ) as green_gap,
        least(
            red - lag(red) over (partition by round_id order by red, question_no),
            lead(red) over (partition by round_id order by red, question_no) - red
        ) as red_gap
    from counts

),

-- The ranks depend on the answers to these questions alone, and to those that may be left without a rating.
close_questions as (

    select
        round_id,
        question_no
    from neighbours
    where
        green_gap <= 1
        or red_gap <= 1
        or green + amber + red <= 1

),

patterns as (

    select
        ratings.return_no,
        {{ fingerprint(['ratings.question_no', "coalesce(ratings.resolved_rating, '')"]) }} as pattern
    from ratings
    inner join close_questions
        on
            ratings.round_id = close_questions.round_id
            and ratings.question_no = close_questions.question_no
    where ratings.is_counted
    group by ratings.return_no

),

-- Of returns with the same answers to them, one is left out for all: few of a hundred thousand, and each of 25.
left_out as (

    select min_by(returns.return_no, returns.committee_id) as return_no
    from returns
    left join patterns
        on returns.return_no = patterns.return_no
    where returns.is_counted
    group by returns.round_id, patterns.pattern

),

final as (

    select
        left_out_ratings.round_id,
        left_out_ratings.committee_id,
        left_out_ratings.question_no,
        counts.green - cast(coalesce(left_out_ratings.resolved_rating = 'green', false) as integer) as green,
        counts.amber - cast(coalesce(left_out_ratings.resolved_rating = 'amber', false) as integer) as amber,
        counts.red - cast(coalesce(left_out_ratings.resolved_rating = 'red', false) as integer) as red
    from left_out_ratings
    inner join left_out
        on left_out_ratings.return_no = left_out.return_no
    inner join counts
        on
            left_out_ratings.round_id = counts.round_id
            and left_out_ratings.question_no = counts.question_no

)

select * from final
