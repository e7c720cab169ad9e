with

claims as (

    select * from {{ ref('claims') }}

),

-- The report printed these counts of a consortium: they are public, and so is the rest of a row with two of them.
final as (

    select
        round_id,
        question_no,
        consortium_code,
        count(distinct rating) as printed_counts
    from claims
    where
        metric = 'count'
        and comparison = '='
        and versus_metric is null
        and is_hard
        and question_no is not null
        and consortium_code is not null
    group by round_id, question_no, consortium_code

)

select * from final
