with

measured as (

    select * from {{ ref('int_metrics') }}

),

metrics as (

    select * from {{ ref('dim_metric') }}

)

-- Topics of comments are left out with all else that has no plain name (see dim_metric).
select
    ---------- ids
    measured.metric,
    measured.round_id,
    measured.question_no,
    measured.consortium_code,
    measured.rating,

    ---------- value
    measured.number_value as value,
    measured.text_value
from measured
inner join metrics
    on measured.metric = metrics.metric
