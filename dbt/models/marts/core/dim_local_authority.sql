select
    ---------- ids
    local_authority_name,
    committee_id
from {{ ref('local_authorities') }}
