with

measured as (

    select * from {{ ref('int_metrics') }}

),

metrics as (

    select * from {{ ref('dim_metric') }}

),

-- Only metrics that have a definition: not those of one committee or topic.
final as (

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

)

select * from final
