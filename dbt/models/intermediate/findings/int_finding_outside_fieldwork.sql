with

returns as (

    select * from {{ ref('int_returns') }}
    where is_outside_fieldwork

),

hashed as (

    select * from {{ ref('int_content_hashes') }}

)

select
    'outside_fieldwork' as check_name,
    returns.round_id,
    returns.committee_id as subject,
    returns.committee_id,
    cast(null as integer) as question_no,
    returns.source_file,
    -- Whoever accepts the return accepts these answers.
    concat_ws(chr(31), coalesce(cast(returns.received_on as string), 'none'), hashed.content_hash) as content,
    case
        when returns.received_on is null then 'The return bears no date.'
        else 'The return is dated ' || returns.received_on || ', outside the fieldwork.'
    end as detail
from returns
inner join hashed
    on returns.return_no = hashed.return_no
