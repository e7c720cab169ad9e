with

duplicates as (

    select * from {{ ref('int_duplicate_returns') }}

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
    'duplicate_return' as check_name,
    duplicates.round_id,
    duplicates.committee_id || ' = ' || duplicates.duplicate_of_committee_id as subject,
    duplicates.committee_id,
    cast(null as integer) as question_no,
    returns.source_file,
    hashed.content_hash as content,
    'Every rating and every comment is the same as in the return of '
    || committees.committee_name || '.' as detail
from duplicates
inner join returns
    on duplicates.return_no = returns.return_no
inner join hashed
    on duplicates.return_no = hashed.return_no
inner join committees
    on
        duplicates.round_id = committees.round_id
        and duplicates.duplicate_of_committee_id = committees.committee_id
