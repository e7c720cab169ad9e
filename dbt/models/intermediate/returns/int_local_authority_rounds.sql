with

versions as (

    {{ in_each_round('local_authorities', 'local_authority_name') }}

)

select
    ---------- ids
    round_id,
    local_authority_name,
    committee_id
from versions
