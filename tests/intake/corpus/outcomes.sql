-- The outcome of each file, in the columns of cases.csv.
with

problems as (

    select
        source_file,
        string_agg(distinct problem_code, '|' order by problem_code) as codes,
        bool_or(problem_severity = 'reject_return') as is_rejected
    from int_problems
    group by all

),

answers as (

    select
        files.source_file,
        count(*) filter (where readings.comment_typed <> '') as comments,
        string_agg(
            numbers.question_no || '=' || coalesce(readings.reported_rating, '-'), ' ' order by numbers.question_no
        ) filter (
            where readings.reported_rating is distinct from ['amber', 'red', 'green'][1 + (numbers.question_no + 2) % 3]
        ) as ratings_that_differ
    from stg_return_files as files
    cross join (select unnest(range(1, 20)) as question_no) as numbers
    left join int_rating_readings as readings
        on files.source_file = readings.source_file and numbers.question_no = readings.question_no
    where files.file_status = 'read'
    group by all

)

select
    files.source_file,
    case
        when files.file_status = 'ignored' then 'ignored'
        when problems.is_rejected then 'rejected'
        else 'read'
    end as outcome,
    case when not coalesce(problems.is_rejected, false) then returns.committee_id end as committee_id,
    case when not coalesce(problems.is_rejected, false) then returns.received_on end as received_on,
    problems.codes,
    case when not coalesce(problems.is_rejected, false) then answers.ratings_that_differ end as ratings_that_differ,
    case when not coalesce(problems.is_rejected, false) then answers.comments end as comments
from stg_return_files as files
left join int_returns as returns
    on files.source_file = returns.source_file
left join problems
    on files.source_file = problems.source_file
left join answers
    on files.source_file = answers.source_file
order by files.source_file
