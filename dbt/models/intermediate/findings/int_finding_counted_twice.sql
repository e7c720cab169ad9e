with

invitations as (

    select * from {{ ref('invitations') }}

),

authorities as (

    select * from {{ ref('int_local_authority_rounds') }}

),

committees as (

    select * from {{ ref('int_committee_rounds') }}

),

returns as (

    select * from {{ ref('int_returns') }}
    where is_standing

),

repeated as (

    select
        round_id,
        committee_id
    from invitations
    group by round_id, committee_id
    having count(*) > 1

),

invited_twice as (

    select
        repeated.round_id,
        repeated.committee_id,
        returns.source_file
    from repeated
    left join returns
        on
            repeated.round_id = returns.round_id
            and repeated.committee_id = returns.committee_id

),

spoken_for as (

    select
        returns.round_id,
        returns.committee_id,
        returns.source_file,
        authorities.local_authority_name
    from returns
    inner join authorities
        on
            returns.round_id = authorities.round_id
            and returns.committee_id = authorities.committee_id

),

contested as (

    select
        round_id,
        local_authority_name
    from spoken_for
    group by round_id, local_authority_name
    having count(*) > 1

),

sizes as (

    select
        round_id,
        committee_id,
        count(*) as authorities
    from authorities
    group by round_id, committee_id

),

-- The one that stands for fewer authorities is the one in doubt: a member that answered beside its group.
covered as (

    select
        spoken_for.*,
        first_value(spoken_for.committee_id) over (
            partition by spoken_for.round_id, spoken_for.local_authority_name
            order by sizes.authorities desc, spoken_for.committee_id asc
        ) as first_committee_id
    from spoken_for
    inner join contested
        on
            spoken_for.round_id = contested.round_id
            and spoken_for.local_authority_name = contested.local_authority_name
    inner join sizes
        on
            spoken_for.round_id = sizes.round_id
            and spoken_for.committee_id = sizes.committee_id

),

covered_twice as (

    select
        round_id,
        committee_id,
        source_file,
        first_committee_id,
        {{ joined('distinct local_authority_name', "', '", 'local_authority_name') }} as authority_names
    from covered
    where committee_id <> first_committee_id
    group by all

)

select
    'counted_twice' as check_name,
    covered_twice.round_id,
    covered_twice.committee_id || ' in ' || covered_twice.first_committee_id as subject,
    covered_twice.committee_id,
    cast(null as integer) as question_no,
    covered_twice.source_file,
    covered_twice.authority_names as content,
    'Its return and that of ' || committees.committee_name || ' both speak for '
    || covered_twice.authority_names || '.' as detail
from covered_twice
inner join committees
    on
        covered_twice.round_id = committees.round_id
        and covered_twice.first_committee_id = committees.committee_id
union all
select
    'counted_twice' as check_name,
    round_id,
    committee_id || ' twice' as subject,
    committee_id,
    cast(null as integer) as question_no,
    source_file,
    'invited twice' as content,
    'The committee stands twice among those invited.' as detail
from invited_twice
