select
    ---------- ids
    consortium_code,

    ---------- text
    consortium_name
from {{ ref('consortia') }}
