with

files as (

    select * from {{ ref('stg_return_files') }}

),

matches as (

    select * from {{ ref('int_committee_matches') }}

),

invitations as (

    select * from {{ ref('invitations') }}

),

rounds as (

    select * from {{ ref('int_round_order') }}

),

invited as (

    select distinct
        round_id,
        committee_id
    from invitations

),

identified as (

    select
        files.*,
        matches.return_no,
        -- Of a file that cannot be read, the name alone says which committee to ask.
        case
            when files.file_status = 'rejected' then coalesce(matches.named_committee_id, matches.hinted_committee_id)
            else matches.committee_id
        end as committee_id,
        invited.committee_id is not null and files.file_status = 'read' as is_eligible
    from files
    inner join matches
        on files.round_id = matches.round_id and files.source_file = matches.source_file
    left join invited
        on files.round_id = invited.round_id and matches.committee_id = invited.committee_id
    where files.file_status <> 'ignored'

),

-- The latest submission of a committee counts. Of two with one date the order of the file names decides, and the pair
-- is a finding for a person.
ordered as (

    select
        *,
        is_eligible
        and row_number() over (
            partition by round_id, committee_id
            order by is_eligible desc, received_on desc nulls last, source_file asc
        ) = 1 as is_standing
    from identified

),

final as (

    select
        ordered.round_id,
        ordered.source_file,
        ordered.committee_id,
        ordered.return_no,
        ordered.committee_typed,
        ordered.completed_on_typed,
        ordered.file_status,
        ordered.sha256,
        ordered.received_on,
        ordered.is_standing,
        ordered.is_standing
        and coalesce(ordered.received_on not between rounds.fieldwork_start and rounds.fieldwork_end, true)
            as is_outside_fieldwork
    from ordered
    left join rounds
        on ordered.round_id = rounds.round_id

)

select * from final
