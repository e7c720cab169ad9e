with

committees as (

    select * from {{ ref('committees') }}

),

local_authorities as (

    select * from {{ ref('local_authorities') }}

)

select
    ---------- ids
    committees.committee_id,
    committees.consortium_code,

    ---------- text
    committees.committee_name,

    ---------- counts
    cast(count(local_authorities.local_authority_name) as integer) as local_authority_count
from committees
left join local_authorities
    on committees.committee_id = local_authorities.committee_id
group by all
