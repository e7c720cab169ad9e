select
    ---------- ids
    round_id,
    question_set,

    ---------- text
    title,

    ---------- dates
    fieldwork_start,
    fieldwork_end,

    ---------- flags
    is_illustrative
from {{ ref('rounds') }}
