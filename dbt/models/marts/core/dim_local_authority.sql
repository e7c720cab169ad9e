with

authorities as (

    select * from {{ ref('int_local_authority_rounds') }}

),

rounds as (

    select * from {{ ref('int_round_order') }}

),

latest as (

    select max(position) as position from {{ ref('int_round_order') }}

)

select
    ---------- ids
    authorities.local_authority_name,
    -- An authority that is listed under two committees stops the release (see int_finding_counted_twice).
    min(authorities.committee_id) as committee_id
from authorities
inner join rounds
    on authorities.round_id = rounds.round_id
cross join latest
where rounds.position = latest.position
group by authorities.local_authority_name
