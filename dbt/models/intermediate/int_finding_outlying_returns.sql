with

contents as (

    select * from {{ ref('int_return_contents') }}

)

select
    'outlying_return' as check_name,
    round_id,
    committee_id as subject,
    committee_id,
    cast(null as integer) as question_no,
    source_file,
    content_hash as content,
    concat_ws(
        ' ',
        case when colours = 1 then 'All of its ' || ratings || ' ratings have one colour.' end,
        case when comments = 0 then 'It has ' || ratings || ' ratings and not a single comment.' end
    ) as detail
from contents
where
    ratings >= {{ var('outlying_least_ratings') }}
    and (colours = 1 or comments = 0)
