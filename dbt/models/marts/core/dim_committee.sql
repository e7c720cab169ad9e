with

committees as (

    select * from {{ ref('int_committee_rounds') }}
    qualify row_number() over (partition by committee_id order by position desc) = 1

),

authorities as (

    select * from {{ ref('int_local_authority_rounds') }}

),

latest as (

    select max(position) as position from {{ ref('int_round_order') }}

)

-- A committee that has ended is shown as it was in its last round.
select
    ---------- ids
    committees.committee_id,
    committees.consortium_code,

    ---------- text
    committees.committee_name,

    ---------- counts
    cast(count(authorities.local_authority_name) as integer) as local_authority_count,

    ---------- history
    committees.round_id as last_round_id,
    committees.position = latest.position as is_current
from committees
cross join latest
left join authorities
    on
        committees.round_id = authorities.round_id
        and committees.committee_id = authorities.committee_id
group by all
