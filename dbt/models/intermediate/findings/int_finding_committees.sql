with

rounds as (

    select * from {{ ref('int_round_order') }}

),

committees as (

    select * from {{ ref('int_committee_rounds') }}

),

authorities as (

    select * from {{ ref('int_local_authority_rounds') }}

),

committee_versions as (

    select * from {{ ref('committees') }}

),

authority_versions as (

    select * from {{ ref('local_authorities') }}

),

versions as (

    select
        'committees.csv' as seed,
        committee_id as named,
        from_round
    from committee_versions
    union all
    select
        'local_authorities.csv' as seed,
        local_authority_name as named,
        from_round
    from authority_versions

),

-- A fault without a round of its own is shown with the latest round.
faults as (

    select
        null as round_id,
        versions.named || ' from ' || versions.from_round as subject,
        versions.seed || ' names a round that rounds.csv does not have.' as detail
    from versions
    left join rounds
        on versions.from_round = rounds.round_id
    where
        versions.from_round is not null
        and rounds.round_id is null
    union all
    select
        authorities.round_id,
        authorities.local_authority_name as subject,
        'local_authorities.csv lists it under ' || authorities.committee_id
        || ', which does not exist in that round.' as detail
    from authorities
    left join committees
        on authorities.round_id = committees.round_id and authorities.committee_id = committees.committee_id
    where committees.committee_id is null

),

latest as (

    select max_by(round_id, position) as round_id from rounds

),

described as (

    select
        coalesce(faults.round_id, latest.round_id) as round_id,
        faults.subject,
        faults.detail
    from faults
    cross join latest

),

final as (

    select {{ finding_columns('registry_fault', content='detail', about=[]) }}
    from described

)

select * from final
