select
    ---------- ids
    local_authority_name,
    -- An authority that is listed under two committees stops the release (see int_finding_counted_twice).
    min(committee_id) as committee_id
from {{ ref('local_authorities') }}
group by local_authority_name
