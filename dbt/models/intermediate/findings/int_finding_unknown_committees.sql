with

returns as (

    select * from {{ ref('int_returns') }}

),

matches as (

    select * from {{ ref('int_committee_matches') }}

),

committees as (

    select * from {{ ref('int_committee_rounds') }}

),

invitations as (

    select * from {{ ref('invitations') }}

),

described as (

    select
        returns.round_id,
        returns.committee_id,
        returns.source_file,
        returns.source_file as subject,
        returns.sha256 as content,
        case
            when matches.is_contradictory
                then {{ contradictory_committee('named.committee_name', 'hinted.committee_name') }}
            when returns.committee_id is null
                then {{ unknown_committee("'The name on the cover'", 'matches.nearest_names') }}
            else 'The cover names a committee that was not invited to this round.'
        end as detail
    from returns
    inner join matches
        on returns.return_no = matches.return_no
    left join committees as named
        on matches.round_id = named.round_id and matches.named_committee_id = named.committee_id
    left join committees as hinted
        on matches.round_id = hinted.round_id and matches.hinted_committee_id = hinted.committee_id
    left join invitations
        on returns.round_id = invitations.round_id and returns.committee_id = invitations.committee_id
    where
        returns.file_status = 'read'
        and invitations.committee_id is null

),

final as (

    select {{ finding_columns('unknown_committee', about=['committee_id', 'source_file']) }}
    from described

)

select * from final
