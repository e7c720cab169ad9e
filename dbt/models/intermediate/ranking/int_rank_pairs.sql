with

ranks as (

    select * from {{ ref('int_scenario_ranks') }}

),

resampled as (

    select * from ranks
    where scenario = 'resample'

),

final as (

    select
        resampled.round_id,
        resampled.question_no,
        others.question_no as other_question_no,
        count(*) as pair_resamples,
        count(*) filter (where resampled.confidence_rank < others.confidence_rank) as above,
        count(*) filter (where resampled.confidence_rank = others.confidence_rank) as equal,
        count(*) filter (where resampled.confidence_rank > others.confidence_rank) as below
    from resampled
    inner join resampled as others
        on
            resampled.round_id = others.round_id
            and resampled.variant = others.variant
            and resampled.question_no < others.question_no
    group by all

)

select * from final
