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

covers as (

    select
        returns.*,
        matches.matched_by,
        matches.is_contradictory,
        matches.nearest_names,
        matches.committee_id is null as is_unknown,
        named.committee_name as named_committee,
        hinted.committee_name as hinted_committee
    from returns
    inner join matches
        on returns.return_no = matches.return_no
    left join committees as named
        on matches.round_id = named.round_id and matches.named_committee_id = named.committee_id
    left join committees as hinted
        on matches.round_id = hinted.round_id and matches.hinted_committee_id = hinted.committee_id
    where returns.file_status = 'read'

),

of_committees as (

    select
        round_id,
        source_file,
        case
            when is_contradictory then 'contradictory_committee'
            when is_unknown then 'unknown_committee'
            when matched_by = 'close match' then 'close_committee'
            when matched_by = 'local authority' then 'local_authority_named'
        end as problem_code,
        case
            when is_contradictory
                then {{ contradictory_committee('named_committee', 'hinted_committee') }}
            when is_unknown
                then {{ unknown_committee(quoted('committee_typed'), 'nearest_names') }}
            else {{ quoted('committee_typed') }} || ' was read as ' || named_committee || '.'
        end as message
    from covers

),

of_dates as (

    select
        round_id,
        source_file,
        case when {{ normalised('completed_on_typed') }} = '' then 'no_date' else 'unreadable_date' end
            as problem_code,
        case
            when {{ normalised('completed_on_typed') }} = '' then 'The cover bears no date.'
            else {{ quoted('completed_on_typed') }} || ' could not be read as a date.'
        end as message
    from covers
    where received_on is null
    union all
    select
        round_id,
        source_file,
        'ambiguous_date' as problem_code,
        {{ quoted('completed_on_typed') }} || ' was read with the day first.' as message
    from covers
    where {{ is_ambiguous_date('completed_on_typed') }}

),

final as (

    select * from of_committees
    where problem_code is not null
    union all
    select * from of_dates

)

select * from final
