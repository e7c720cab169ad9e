with

duplicates as (

    select * from {{ ref('int_near_duplicate_returns') }}

),

returns as (

    select * from {{ ref('int_returns') }}

),

hashed as (

    select * from {{ ref('int_content_hashes') }}

),

committees as (

    select * from {{ ref('int_committee_rounds') }}

)

select
    'near_duplicate' as check_name,
    duplicates.round_id,
    duplicates.committee_id || ' ~ ' || duplicates.near_duplicate_of_committee_id as subject,
    duplicates.committee_id,
    cast(null as integer) as question_no,
    returns.source_file,
    concat_ws(chr(31), own_hashed.content_hash, first_hashed.content_hash) as content,
    'Nearly the return of ' || committees.committee_name || ': '
    || cast(floor(100 * duplicates.rating_share) as integer) || '% of the ratings and '
    || cast(floor(100 * duplicates.comment_share) as integer)
    || '% of what the comments say in words of their own are the same.' as detail
from duplicates
inner join returns
    on duplicates.return_no = returns.return_no
inner join hashed as own_hashed
    on duplicates.return_no = own_hashed.return_no
inner join hashed as first_hashed
    on duplicates.near_duplicate_of_return_no = first_hashed.return_no
inner join committees
    on
        duplicates.round_id = committees.round_id
        and duplicates.near_duplicate_of_committee_id = committees.committee_id
