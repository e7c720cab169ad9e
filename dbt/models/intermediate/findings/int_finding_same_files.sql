with

returns as (

    select * from {{ ref('int_returns') }}

),

copies as (

    select
        *,
        first_value(source_file) over (partition by round_id, sha256 order by source_file) as first_file
    from returns

)

select
    'same_file' as check_name,
    round_id,
    source_file || ' = ' || first_file as subject,
    committee_id,
    cast(null as integer) as question_no,
    source_file,
    sha256 as content,
    'The file is the same, byte for byte, as ' || first_file || '.' as detail
from copies
where source_file <> first_file
