with

contents as (

    select * from {{ ref('int_return_contents') }}

),

returns as (

    select * from {{ ref('int_returns') }}

),

answers as (

    select * from {{ ref('int_answers') }}

),

judged as (

    select
        return_no,
        'blank_return' as check_name,
        null as received_on,
        'The return holds neither a rating nor a comment.' as detail
    from contents
    where is_empty
    union all
    select
        return_no,
        'outlying_return' as check_name,
        null as received_on,
        concat_ws(
            ' ',
            case when colours = 1 then 'All of its ' || ratings || ' ratings have one colour.' end,
            case when comments = 0 then 'It has ' || ratings || ' ratings and not a single comment.' end
        ) as detail
    from contents
    where is_outlying
    union all
    select
        return_no,
        'outside_fieldwork' as check_name,
        coalesce(cast(received_on as string), 'none') as received_on,
        case
            when received_on is null then 'The return bears no date.'
            else 'The return is dated ' || received_on || ', outside the fieldwork.'
        end as detail
    from returns
    where is_outside_fieldwork

),

hashed as (

    {{ content_hashes('answers', 'judged') }}

),

-- A decision to accept a return covers these answers only.
described as (

    select
        judged.check_name,
        returns.round_id,
        returns.committee_id,
        returns.source_file,
        returns.committee_id as subject,
        concat_ws(chr(31), judged.received_on, hashed.content_hash) as content,
        judged.detail
    from judged
    inner join returns
        on judged.return_no = returns.return_no
    inner join hashed
        on judged.return_no = hashed.return_no

),

final as (

    select {{ finding_columns(about=['committee_id', 'source_file']) }}
    from described

)

select * from final
