with

readings as (

    select * from {{ ref('int_rating_readings') }}

),

missing_answers as (

    select * from {{ ref('int_missing_answers') }}

),

returns as (

    select * from {{ ref('int_returns') }}

),

questions as (

    select * from {{ ref('int_round_questions') }}

),

-- A question that a file does not contain is a blank, not an absent row.
all_answers as (

    select
        round_id,
        source_file,
        question_no,
        rating_typed,
        reported_rating,
        comment_typed
    from readings
    union all
    select
        round_id,
        source_file,
        question_no,
        null as rating_typed,
        null as reported_rating,
        '' as comment_typed
    from missing_answers

),

standing as (

    select
        returns.return_no,
        all_answers.question_no,
        all_answers.reported_rating,
        case when all_answers.reported_rating is null then all_answers.rating_typed end as unread_rating,
        case when all_answers.comment_typed = '' then '' else {{ normalised('all_answers.comment_typed') }} end
            as comment_plain
    from all_answers
    inner join returns
        on all_answers.round_id = returns.round_id and all_answers.source_file = returns.source_file
    inner join questions
        on all_answers.round_id = questions.round_id and all_answers.question_no = questions.question_no
    where returns.is_standing

),

final as (

    select
        *,
        comment_plain <> '' as has_comment
    from standing

)

select * from final
