-- One metric for Scotland and each consortium, from the long table of metrics
select
    questions.short_reference,
    metrics.consortium_code,
    metrics.metric,
    metrics.rating,
    metrics.value,
    dim_metric.unit,
    dim_metric.definition
from mart_metric as metrics
inner join dim_metric
    on metrics.metric = dim_metric.metric
inner join dim_question as questions
    on
        metrics.round_id = questions.round_id
        and metrics.question_no = questions.question_no
where
    metrics.round_id in (select round_id from dim_round where is_latest)
    and metrics.metric in ('count', 'share')
    and metrics.rating = 'red'
    and metrics.question_no = 13
order by metrics.metric, metrics.consortium_code
