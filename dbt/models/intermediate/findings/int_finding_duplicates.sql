with

duplicates as (

    select * from {{ ref('int_duplicate_returns') }}

),

near_duplicates as (

    select * from {{ ref('int_near_duplicate_returns') }}

),

returns as (

    select * from {{ ref('int_returns') }}

),

committees as (

    select * from {{ ref('int_committee_rounds') }}

),

answers as (

    select * from {{ ref('int_answers') }}

),

judged as (

    select
        return_no,
        null as original_no,
        duplicate_of_committee_id as original_id,
        'duplicate_return' as check_name,
        ' = ' as relation,
        'Every rating and every comment is the same as in the return of <original>.' as detail
    from duplicates
    union all
    select
        return_no,
        near_duplicate_of_return_no as original_no,
        near_duplicate_of_committee_id as original_id,
        'near_duplicate' as check_name,
        ' ~ ' as relation,
        'Nearly the return of <original>: ' || cast(floor(100 * rating_share) as integer) || '% of the ratings and '
        || cast(floor(100 * comment_share) as integer)
        || '% of what the comments say in words of their own are the same.' as detail
    from near_duplicates

),

members as (

    select return_no from judged
    union
    select original_no as return_no from judged

),

hashed as (

    {{ content_hashes('answers', 'members') }}

),

described as (

    select
        judged.check_name,
        returns.round_id,
        returns.committee_id,
        returns.source_file,
        returns.committee_id || judged.relation || judged.original_id as subject,
        concat_ws(chr(31), hashed.content_hash, original_hashed.content_hash) as content,
        replace(judged.detail, '<original>', committees.committee_name) as detail
    from judged
    inner join returns
        on judged.return_no = returns.return_no
    inner join committees
        on returns.round_id = committees.round_id and judged.original_id = committees.committee_id
    inner join hashed
        on judged.return_no = hashed.return_no
    left join hashed as original_hashed
        on judged.original_no = original_hashed.return_no

),

final as (

    select {{ finding_columns(about=['committee_id', 'source_file']) }}
    from described

)

select * from final
