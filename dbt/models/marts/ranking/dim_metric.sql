select
    ---------- ids
    metric,

    ---------- text
    definition,
    unit
from {{ ref('claim_metrics') }}
-- A metric of one committee, section or topic bears it in its name; those have tables of their own.
where metric not like '%<%'
