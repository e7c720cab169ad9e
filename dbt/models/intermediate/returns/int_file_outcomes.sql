with

files as (

    select * from {{ ref('stg_return_files') }}

),

returns as (

    select * from {{ ref('int_returns') }}

),

invitations as (

    select distinct * from {{ ref('invitations') }}

)

select
    ---------- ids
    files.round_id,
    files.source_file,
    returns.committee_id,

    ---------- outcome
    case
        when files.file_status = 'ignored' then 'ignored'
        when returns.is_standing then 'loaded'
        when files.file_status = 'rejected' or invitations.committee_id is null then 'rejected'
        else 'superseded'
    end as outcome
from files
left join returns
    on
        files.round_id = returns.round_id
        and files.source_file = returns.source_file
left join invitations
    on
        returns.round_id = invitations.round_id
        and returns.committee_id = invitations.committee_id
