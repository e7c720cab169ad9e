with

committees as (

    select * from {{ ref('committees') }}

),

aliases as (

    select * from {{ ref('committee_aliases') }}

),

authorities as (

    select * from {{ ref('local_authorities') }}

),

names as (

    select
        committee_id,
        committee_name as known_as,
        'name' as name_kind,
        1 as precedence
    from committees
    union all
    select
        committee_id,
        alias as known_as,
        'alias' as name_kind,
        2 as precedence
    from aliases
    union all
    select
        committee_id,
        local_authority_name as known_as,
        'local authority' as name_kind,
        3 as precedence
    from authorities

),

keyed as (

    select
        *,
        {{ name_words('known_as') }} as name_words,
        {{ name_key('known_as') }} as name_key
    from names

),

ordered as (

    select
        *,
        row_number() over (partition by committee_id, name_key order by precedence, known_as) as place
    from keyed

)

select
    ---------- ids
    committee_id,

    ---------- the name
    known_as,
    name_kind,
    name_words,
    name_key
from ordered
where place = 1
