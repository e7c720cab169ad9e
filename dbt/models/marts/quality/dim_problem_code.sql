select
    ---------- ids
    code as problem_code,

    ---------- what it does to the file
    severity,

    ---------- text
    title,
    explanation,
    remedy
from {{ ref('problem_codes') }}
