with

problems as (

    select * from {{ ref('stg_problems') }}
    where problem_code = 'personal_data'

),

returns as (

    select * from {{ ref('int_returns') }}

)

-- Whether the return counts makes no difference: a superseded file is kept, too.
select
    'personal_data' as check_name,
    problems.round_id,
    -- A sheet has the name that its sender typed: it tells findings apart and is not repeated.
    concat_ws(' ', problems.source_file, problems.cell) as subject,
    returns.committee_id,
    cast(null as integer) as question_no,
    problems.source_file,
    concat_ws(chr(31), problems.sheet, problems.message, returns.sha256) as content,
    problems.message as detail
from problems
inner join returns
    on
        problems.round_id = returns.round_id
        and problems.source_file = returns.source_file
