with

committees as (

    select * from {{ ref('int_committee_rounds') }}

),

all_names as (

    select * from {{ ref('committees') }}

),

aliases as (

    select * from {{ ref('committee_aliases') }}

),

authorities as (

    select * from {{ ref('int_local_authority_rounds') }}

),

names as (

    select
        round_id,
        committee_id,
        committee_name as known_as,
        'name' as name_kind,
        1 as precedence
    from committees
    union all
    select
        committees.round_id,
        committees.committee_id,
        aliases.alias as known_as,
        'alias' as name_kind,
        2 as precedence
    from aliases
    inner join committees
        on aliases.committee_id = committees.committee_id
    union all
    select
        committees.round_id,
        committees.committee_id,
        authorities.local_authority_name as known_as,
        'local authority' as name_kind,
        3 as precedence
    from authorities
    inner join committees
        on
            authorities.round_id = committees.round_id
            and authorities.committee_id = committees.committee_id
    union all
    -- What it is called at other times, as long as nobody else is called so now.
    select
        committees.round_id,
        committees.committee_id,
        all_names.committee_name as known_as,
        'alias' as name_kind,
        4 as precedence
    from all_names
    inner join committees
        on
            all_names.committee_id = committees.committee_id
            and all_names.committee_name <> committees.committee_name

),

-- A name is taken apart once, however many rounds know it.
keys as (

    select
        known_as,
        {{ name_words('known_as') }} as name_words,
        {{ name_key('known_as') }} as name_key
    from (select distinct known_as from names) as distinct_names

),

ordered as (

    select
        names.*,
        keys.name_words,
        keys.name_key,
        row_number() over (
            partition by names.round_id, names.committee_id, keys.name_key
            order by names.precedence asc, names.known_as asc
        ) as place
    from names
    inner join keys
        on names.known_as = keys.known_as

),

-- A name of several committees is the one's of whom it is the proper name, rather than an alias or an authority's,
-- and nobody's where two have the same right to it.
claimed as (

    select
        *,
        rank() over (partition by round_id, name_key order by precedence) as claim,
        count(*) over (partition by round_id, name_key, precedence) as equal_claims
    from ordered
    where place = 1

)

select
    ---------- ids
    round_id,
    committee_id,

    ---------- the name
    known_as,
    name_kind,
    name_words,
    name_key
from claimed
where
    claim = 1
    and equal_claims = 1
