with

problems as (

    select * from {{ ref('stg_problems') }}

),

returns as (

    select * from {{ ref('int_returns') }}

)

select
    'rejected_answer' as check_name,
    problems.round_id,
    -- A sheet has the name that its sender typed: it tells findings apart and is not repeated.
    concat_ws(' ', problems.source_file, problems.cell, problems.problem_code) as subject,
    returns.committee_id,
    cast(null as integer) as question_no,
    problems.source_file,
    -- The message does not repeat what was typed: only the file itself says whether the answer is still the same.
    concat_ws(chr(31), problems.sheet, problems.problem_code, problems.message, returns.sha256) as content,
    problems.message as detail
from problems
inner join returns
    on
        problems.round_id = returns.round_id
        and problems.source_file = returns.source_file
where
    problems.problem_severity = 'reject_answer'
    and returns.is_standing
