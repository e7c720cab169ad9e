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

invited_twice as (

    select
        invitations.round_id,
        invitations.committee_id,
        returns.source_file
    from invitations
    left join returns
        on
            invitations.round_id = returns.round_id
            and invitations.committee_id = returns.committee_id
    group by all
    having count(*) > 1

),

-- The one that stands for fewer authorities is the one in doubt: a member that answered beside its group.
sized as (

    select
        authorities.round_id,
        authorities.local_authority_name,
        authorities.committee_id,
        count(*) over (partition by authorities.round_id, authorities.committee_id) as authorities
    from authorities

),

covered as (

    select
        returns.round_id,
        returns.committee_id,
        returns.source_file,
        sized.local_authority_name,
        first_value(returns.committee_id) over (
            partition by returns.round_id, sized.local_authority_name
            order by sized.authorities desc, returns.committee_id asc
        ) as first_committee_id
    from returns
    inner join sized
        on
            returns.round_id = sized.round_id
            and returns.committee_id = sized.committee_id

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
