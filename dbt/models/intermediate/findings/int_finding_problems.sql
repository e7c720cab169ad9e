with

problems as (

    select * from {{ ref('stg_problems') }}

),

returns as (

    select * from {{ ref('int_returns') }}

),

-- A sheet has the name that its sender typed: it distinguishes findings by their hash and is not repeated. The message
-- does not repeat the answer: only the hash of the file says whether the answer is still the same.
described as (

    select
        'rejected_answer' as check_name,
        problems.round_id,
        returns.committee_id,
        problems.source_file,
        concat_ws(' ', problems.source_file, problems.cell, problems.problem_code) as subject,
        concat_ws(chr(31), problems.sheet, problems.problem_code, problems.message, returns.sha256) as content,
        problems.message as detail
    from problems
    inner join returns
        on problems.round_id = returns.round_id and problems.source_file = returns.source_file
    where
        problems.problem_severity = 'reject_answer'
        and returns.is_standing
    union all
    -- A file that does not count is stored too, with the personal data in it.
    select
        'personal_data' as check_name,
        problems.round_id,
        returns.committee_id,
        problems.source_file,
        concat_ws(' ', problems.source_file, problems.cell) as subject,
        concat_ws(chr(31), problems.sheet, problems.message, returns.sha256) as content,
        problems.message as detail
    from problems
    inner join returns
        on problems.round_id = returns.round_id and problems.source_file = returns.source_file
    where problems.problem_code = 'personal_data'

),

final as (

    select {{ finding_columns(about=['committee_id', 'source_file']) }}
    from described

)

select * from final
