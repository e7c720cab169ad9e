with

invitations as (

    select * from {{ ref('invitations') }}

),

rounds as (

    select * from {{ ref('int_round_order') }}

),

committees as (

    select * from {{ ref('int_committee_rounds') }}

),

latest as (

    select max_by(round_id, position) as round_id from rounds

),

faults as (

    select
        -- A fault without a round of its own is shown with the latest round.
        coalesce(rounds.round_id, latest.round_id) as round_id,
        'invitation of ' || invitations.committee_id || ' to ' || invitations.round_id as subject,
        case
            when rounds.round_id is null then 'invitations.csv names a round that rounds.csv does not have.'
            else 'invitations.csv names a committee that does not exist in that round.'
        end as detail
    from invitations
    cross join latest
    left join rounds
        on invitations.round_id = rounds.round_id
    left join committees
        on
            invitations.round_id = committees.round_id
            and invitations.committee_id = committees.committee_id
    where
        rounds.round_id is null
        or committees.committee_id is null

),

described as (

    select
        'registry_fault' as check_name,
        round_id,
        null as committee_id,
        null as question_no,
        null as source_file,
        subject,
        detail as content,
        detail
    from faults

),

final as (

    select {{ finding_columns() }}
    from described

)

select * from final
