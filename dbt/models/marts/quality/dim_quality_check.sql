select
    ---------- ids
    check_name,

    ---------- what it does to a release
    severity,
    blocks,

    ---------- text
    title,
    protects,
    mended_by,
    how_to_mend,
    nullif(replace(decisions, '|', ', '), '') as decisions
from {{ ref('quality_checks') }}
