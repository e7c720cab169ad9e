with

counts as (

    select * from {{ ref('int_treatment_counts') }}

),

rounds as (

    select * from {{ ref('int_missing_returns') }}

),

-- All missing returns rate one question green and the others red, or the reverse.
extremes as (

    select
        counts.round_id,
        favoured.question_no as extreme_question_no,
        counts.question_no,
        counts.green,
        counts.amber,
        counts.red,
        case when counts.question_no = favoured.question_no then rounds.missing else 0 end as of_variant,
        case when counts.question_no = favoured.question_no then 0 else rounds.missing end as of_others
    from counts
    inner join counts as favoured
        on counts.round_id = favoured.round_id
    inner join rounds
        on counts.round_id = rounds.round_id

),

final as (

    select
        round_id,
        'missing_best' as extreme,
        extreme_question_no,
        question_no,
        green + of_variant as green,
        amber,
        red + of_others as red
    from extremes
    union all
    select
        round_id,
        'missing_worst' as extreme,
        extreme_question_no,
        question_no,
        green + of_others as green,
        amber,
        red + of_variant as red
    from extremes

)

select * from final
