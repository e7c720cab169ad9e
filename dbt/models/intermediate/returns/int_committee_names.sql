with

committees as (

    select * from {{ ref('int_committee_rounds') }}

),

all_versions as (

    select * from {{ ref('committees') }}

),

aliases as (

    select * from {{ ref('committee_aliases') }}

),

authorities as (

    select * from {{ ref('int_local_authority_rounds') }}

),

other_names as (

    select
        committee_id,
        alias as known_as,
        2 as precedence
    from aliases
    union all
    -- The name of a committee in another round, unless another committee has that name now.
    select
        committee_id,
        committee_name as known_as,
        4 as precedence
    from all_versions

),

names as (

    select
        round_id,
        committee_id,
        committee_name as known_as,
        1 as precedence
    from committees
    union all
    select
        committees.round_id,
        committees.committee_id,
        other_names.known_as,
        other_names.precedence
    from other_names
    inner join committees
        on
            other_names.committee_id = committees.committee_id
            and other_names.known_as <> committees.committee_name
    union all
    select
        committees.round_id,
        committees.committee_id,
        authorities.local_authority_name as known_as,
        3 as precedence
    from authorities
    inner join committees
        on
            authorities.round_id = committees.round_id
            and authorities.committee_id = committees.committee_id
            and authorities.local_authority_name <> committees.committee_name

),

-- Each name is normalised once, however many rounds have it.
keys as (

    select
        known_as,
        {{ name_words('known_as') }} as name_words,
        {{ name_key('known_as') }} as name_key
    from (select distinct known_as from names) as distinct_names

),

known as (

    select
        names.round_id,
        names.committee_id,
        keys.name_key,
        min(names.precedence) as precedence,
        min_by(keys.name_words, names.precedence || names.known_as) as name_words
    from names
    inner join keys
        on names.known_as = keys.known_as
    group by all

),

-- A shared name belongs to the committee whose proper name it is. With two equal claims it belongs to neither.
final as (

    select
        round_id,
        committee_id,
        case precedence when 1 then 'name' when 3 then 'local authority' else 'alias' end as name_kind,
        name_words,
        name_key
    from known
    qualify
        rank() over (partition by round_id, name_key order by precedence) = 1
        and count(*) over (partition by round_id, name_key, precedence) = 1

)

select * from final
