with

contents as (

    select * from {{ ref('int_return_contents') }}

),

hashed as (

    select * from {{ ref('int_content_hashes') }}

)

select
    'outlying_return' as check_name,
    contents.round_id,
    contents.committee_id as subject,
    contents.committee_id,
    cast(null as integer) as question_no,
    contents.source_file,
    hashed.content_hash as content,
    concat_ws(
        ' ',
        case when contents.colours = 1 then 'All of its ' || contents.ratings || ' ratings have one colour.' end,
        case when contents.comments = 0 then 'It has ' || contents.ratings || ' ratings and not a single comment.' end
    ) as detail
from contents
inner join hashed
    on contents.return_no = hashed.return_no
where contents.is_outlying
