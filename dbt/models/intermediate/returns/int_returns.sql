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

-- Most committees send one file: only those of the others are put in an order.
several as (

    select
        round_id,
        committee_id
    from identified
    group by round_id, committee_id
    having count(*) > 1

),

ordered as (

    select
        identified.return_no,
        -- The latest submission stands; of two with the same date the order of file names decides,
        -- and the pair is a finding for a person.
        row_number() over (
            partition by identified.round_id, identified.committee_id
            order by identified.is_a_return desc, identified.received_on desc nulls last, identified.source_file asc
        ) as submission_rank
    from identified
    inner join several
        on
            identified.round_id = several.round_id
            and identified.committee_id = several.committee_id

),

judged as (

    select
        identified.*,
        identified.is_a_return and coalesce(ordered.submission_rank, 1) = 1 as is_standing
    from identified
    left join ordered
        on identified.return_no = ordered.return_no

)

select
    ---------- ids
    judged.round_id,
    judged.source_file,
    judged.committee_id,
    judged.return_no,

    ---------- the file
    judged.committee_typed,
    judged.completed_on_typed,
    judged.file_status,
    judged.sha256,

    ---------- dates
    judged.received_on,

    ---------- standing
    judged.is_standing,
    judged.is_standing
    and coalesce(judged.received_on not between rounds.fieldwork_start and rounds.fieldwork_end, true)
        as is_outside_fieldwork
from judged
left join rounds
    on judged.round_id = rounds.round_id
