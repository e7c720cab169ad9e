with

returns as (

    select * from {{ ref('int_returns') }}

),

invitations as (

    select * from {{ ref('invitations') }}

)

select
    'unknown_committee' as check_name,
    returns.round_id,
    returns.source_file as subject,
    returns.committee_id,
    cast(null as integer) as question_no,
    returns.source_file,
    returns.sha256 as content,
    case
        when returns.committee_id is null then 'The cover does not name a committee that is known.'
        else 'The cover names a committee that was not invited to this round.'
    end as detail
from returns
left join invitations
    on
        returns.round_id = invitations.round_id
        and returns.committee_id = invitations.committee_id
where
    returns.file_status = 'read'
    and invitations.committee_id is null
