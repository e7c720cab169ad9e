with

ratings as (

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
        on ratings.round_id = close_questions.round_id and ratings.question_no = close_questions.question_no
    where ratings.is_counted
    group by ratings.return_no

),

-- Of returns with the same answers to them, one is left out for all: few of a hundred thousand, and each of 25.
final as (

    select
        returns.round_id,
        min(returns.committee_id) as committee_id,
        min_by(returns.return_no, returns.committee_id) as return_no,
        count(*) as runs
    from returns
    left join patterns
        on returns.return_no = patterns.return_no
    where returns.is_counted
    group by returns.round_id, patterns.pattern

)

select * from final
