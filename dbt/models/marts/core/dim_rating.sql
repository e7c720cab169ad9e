select
    ---------- ids
    rating,

    ---------- text
    meaning,

    ---------- order
    sort_order
from {{ ref('rating_scale') }}
