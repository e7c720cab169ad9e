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
            -- Most are called as their committee is.
            and authorities.local_authority_name <> committees.committee_name
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

named as (

    select
        names.*,
        keys.name_words,
        keys.name_key
    from names
    inner join keys
        on names.known_as = keys.known_as

),

-- Most names lead to one committee in one way: only the others are put in an order.
contested as (

    select
        round_id,
        name_key
    from named
    group by round_id, name_key
    having count(*) > 1

),

ordered as (

    select
        named.*,
        row_number() over (
            partition by named.round_id, named.committee_id, named.name_key
            order by named.precedence asc, named.known_as asc
        ) as place
    from named
    inner join contested
        on
            named.round_id = contested.round_id
            and named.name_key = contested.name_key

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

),

known as (

    select
        named.round_id,
        named.committee_id,
        named.name_kind,
        named.name_words,
        named.name_key
    from named
    left join contested
        on
            named.round_id = contested.round_id
            and named.name_key = contested.name_key
    where contested.name_key is null
    union all
    select
        round_id,
        committee_id,
        name_kind,
        name_words,
        name_key
    from claimed
    where
        claim = 1
        and equal_claims = 1

)

select
    ---------- ids
    round_id,
    committee_id,

    ---------- the name
    name_kind,
    name_words,
    name_key
from known
