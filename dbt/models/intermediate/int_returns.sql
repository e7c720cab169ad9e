with

files as (

    select * from {{ ref('stg_return_files') }}
    where file_status <> 'ignored'

),

matches as (

    select * from {{ ref('int_committee_matches') }}

),

invitations as (

    select distinct * from {{ ref('invitations') }}

),

rounds as (

    select * from {{ ref('rounds') }}

),

identified as (

    select
        files.*,
        matches.return_no,
        -- Of a file that cannot be read its name is all there is to tell whom to ask.
        case
            when files.file_status = 'rejected' then coalesce(matches.named_committee_id, matches.hinted_committee_id)
            else matches.committee_id
        end as committee_id,
        invitations.committee_id is not null and files.file_status = 'read' as is_a_return
    from files
    inner join matches
        on
            files.round_id = matches.round_id
            and files.source_file = matches.source_file
    left join invitations
        on
            files.round_id = invitations.round_id
            and matches.committee_id = invitations.committee_id

),

ordered as (

    select
        *,
        -- The latest submission stands; of two with the same date the order of file names decides,
        -- and the pair is a finding for a person.
        row_number() over (
            partition by round_id, committee_id
            order by is_a_return desc, received_on desc nulls last, source_file asc
        ) as submission_rank
    from identified

)

select
    ---------- ids
    ordered.round_id,
    ordered.source_file,
    ordered.committee_id,
    ordered.return_no,

    ---------- the file
    ordered.committee_typed,
    ordered.completed_on_typed,
    ordered.file_status,
    ordered.sha256,

    ---------- dates
    ordered.received_on,

    ---------- standing
    ordered.is_a_return and ordered.submission_rank = 1 as is_standing,
    ordered.is_a_return
    and ordered.submission_rank = 1
    and coalesce(ordered.received_on not between rounds.fieldwork_start and rounds.fieldwork_end, true)
        as is_outside_fieldwork
from ordered
left join rounds
    on ordered.round_id = rounds.round_id
