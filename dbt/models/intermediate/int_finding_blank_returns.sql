with

contents as (

    select * from {{ ref('int_return_contents') }}

)

select
    'blank_return' as check_name,
    round_id,
    committee_id as subject,
    committee_id,
    cast(null as integer) as question_no,
    source_file,
    content_hash as content,
    'The return holds neither a rating nor a comment.' as detail
from contents
where is_empty
