with

problems as (

    select * from {{ ref('stg_problems') }}

),

cover_problems as (

    select * from {{ ref('int_cover_problems') }}

),

readings as (

    select * from {{ ref('int_rating_readings') }}

),

returns as (

    select * from {{ ref('int_returns') }}

),

codes as (

    select * from {{ ref('problem_codes') }}

),

-- Problems that show only once the text is interpreted.
derived as (

    select
        round_id,
        source_file,
        '' as sheet,
        '' as cell,
        problem_code,
        message
    from cover_problems
    union all
    select
        readings.round_id,
        readings.source_file,
        readings.sheet,
        readings.cell,
        'no_rating' as problem_code,
        'Question ' || readings.question_no || ' has no rating.' as message
    from readings
    inner join returns
        on readings.round_id = returns.round_id and readings.source_file = returns.source_file
    left join problems
        on
            readings.round_id = problems.round_id
            and readings.source_file = problems.source_file
            and readings.sheet = problems.sheet
            and readings.cell = problems.cell
    where
        returns.file_status = 'read'
        and readings.reported_rating is null
        and problems.cell is null

),

final as (

    select
        round_id,
        source_file,
        sheet,
        cell,
        problem_code,
        problem_severity,
        message,
        remedy
    from problems
    union all
    select
        derived.round_id,
        derived.source_file,
        derived.sheet,
        derived.cell,
        derived.problem_code,
        codes.severity as problem_severity,
        derived.message,
        codes.remedy
    from derived
    inner join codes
        on derived.problem_code = codes.code

)

select * from final
