with

returns as (

    select * from {{ ref('int_returns') }}

),

contents as (

    select * from {{ ref('int_return_contents') }}

),

rounds as (

    select * from {{ ref('rounds') }}

)

select
    'outside_fieldwork' as check_name,
    returns.round_id,
    returns.committee_id as subject,
    returns.committee_id,
    cast(null as integer) as question_no,
    returns.source_file,
    -- Whoever accepts the return accepts these answers.
    concat_ws(chr(31), coalesce(cast(returns.received_on as string), 'none'), contents.content_hash) as content,
    case
        when returns.received_on is null then 'The return bears no date.'
        else 'The return is dated ' || returns.received_on || ', outside the fieldwork.'
    end as detail
from returns
inner join rounds
    on returns.round_id = rounds.round_id
inner join contents
    on
        returns.round_id = contents.round_id
        and returns.committee_id = contents.committee_id
where
    returns.is_standing
    and coalesce(returns.received_on not between rounds.fieldwork_start and rounds.fieldwork_end, true)
