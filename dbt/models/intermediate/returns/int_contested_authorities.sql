with

returns as (

    select * from {{ ref('int_returns') }}

),

authorities as (

    select * from {{ ref('int_local_authority_rounds') }}

),

authority_counts as (

    select * from {{ ref('int_local_authority_counts') }}

),

covered as (

    select
        returns.round_id,
        returns.committee_id,
        returns.source_file,
        authorities.local_authority_name,
        authority_counts.local_authority_count
    from returns
    inner join authorities
        on returns.round_id = authorities.round_id and returns.committee_id = authorities.committee_id
    inner join authority_counts
        on returns.round_id = authority_counts.round_id and returns.committee_id = authority_counts.committee_id
    where returns.is_standing

),

contested as (

    select
        round_id,
        local_authority_name
    from covered
    group by round_id, local_authority_name
    having count(*) > 1

),

-- The committee of more authorities comes first: a member that answered in addition to its group is in doubt.
final as (

    select
        covered.round_id,
        covered.local_authority_name,
        covered.committee_id,
        covered.source_file,
        first_value(covered.committee_id) over (
            partition by covered.round_id, covered.local_authority_name
            order by covered.local_authority_count desc, covered.committee_id asc
        ) as first_committee_id
    from covered
    inner join contested
        on
            covered.round_id = contested.round_id
            and covered.local_authority_name = contested.local_authority_name

)

select * from final
