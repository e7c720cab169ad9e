with

files as (

    select * from {{ ref('stg_return_files') }}

),

returns as (

    select * from {{ ref('int_returns') }}

),

invitations as (

    select * from {{ ref('invitations') }}

),

invited as (

    select distinct
        round_id,
        committee_id
    from invitations

),

final as (

    select
        files.round_id,
        files.source_file,
        returns.committee_id,
        case
            when files.file_status = 'ignored' then 'ignored'
            when returns.is_standing then 'loaded'
            when files.file_status = 'rejected' or invited.committee_id is null then 'rejected'
            else 'superseded'
        end as outcome
    from files
    left join returns
        on files.round_id = returns.round_id and files.source_file = returns.source_file
    left join invited
        on returns.round_id = invited.round_id and returns.committee_id = invited.committee_id

)

select * from final
