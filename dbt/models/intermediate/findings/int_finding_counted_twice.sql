with

contested as (

    select * from {{ ref('int_contested_authorities') }}

),

committees as (

    select * from {{ ref('int_committee_rounds') }}

),

invitations as (

    select * from {{ ref('invitations') }}

),

returns as (

    select * from {{ ref('int_returns') }}

),

covered_twice as (

    select
        round_id,
        committee_id,
        source_file,
        first_committee_id,
        {{ joined('distinct local_authority_name', "', '", 'local_authority_name') }} as authority_names
    from contested
    where committee_id <> first_committee_id
    group by all

),

invited_twice as (

    select
        round_id,
        committee_id
    from invitations
    group by round_id, committee_id
    having count(*) > 1

),

described as (

    select
        covered_twice.round_id,
        covered_twice.committee_id,
        covered_twice.source_file,
        covered_twice.committee_id || ' in ' || covered_twice.first_committee_id as subject,
        covered_twice.authority_names as content,
        'Its return and that of ' || committees.committee_name || ' both represent '
        || covered_twice.authority_names || '.' as detail
    from covered_twice
    inner join committees
        on
            covered_twice.round_id = committees.round_id
            and covered_twice.first_committee_id = committees.committee_id
    union all
    select
        invited_twice.round_id,
        invited_twice.committee_id,
        returns.source_file,
        invited_twice.committee_id || ' twice' as subject,
        'invited twice' as content,
        'The committee is invited twice.' as detail
    from invited_twice
    left join returns
        on
            invited_twice.round_id = returns.round_id
            and invited_twice.committee_id = returns.committee_id
            and returns.is_standing

),

final as (

    select {{ finding_columns('counted_twice', about=['committee_id', 'source_file']) }}
    from described

)

select * from final
