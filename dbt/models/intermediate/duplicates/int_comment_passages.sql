with

answers as (

    select * from {{ ref('int_answers') }}

),

returns as (

    select * from {{ ref('int_returns') }}

),

words as (

    select
        answers.return_no,
        answers.question_no,
        answers.reported_rating,
        returns.round_id,
        {{ word_list('answers.comment_plain') }} as words
    from answers
    inner join returns
        on answers.return_no = returns.return_no
    where answers.has_comment

),

-- A passage of one round is never equal to one of another round.
final as (

    select
        return_no,
        question_no,
        reported_rating,
        {{ passages('words', 'round_id') }} as passages
    from words

)

select * from final
