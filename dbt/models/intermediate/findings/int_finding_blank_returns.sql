with

contents as (

    select * from {{ ref('int_return_contents') }}

),

hashed as (

    select * from {{ ref('int_content_hashes') }}

)

select
    'blank_return' as check_name,
    contents.round_id,
    contents.committee_id as subject,
    contents.committee_id,
    cast(null as integer) as question_no,
    contents.source_file,
    hashed.content_hash as content,
    'The return holds neither a rating nor a comment.' as detail
from contents
inner join hashed
    on contents.return_no = hashed.return_no
where contents.is_empty
