with

returns as (

    select * from {{ ref('int_returns') }}
    where is_standing

),

readings as (

    select * from {{ ref('int_rating_readings') }}

),

asked as (

    select
        rounds.round_id,
        questions.question_no,
        count(*) over (partition by rounds.round_id) as questions
    from {{ ref('rounds') }} as rounds
    inner join {{ ref('questions') }} as questions
        on rounds.question_set = questions.question_set

),

-- Few returns lack a question: only their answers are compared with the question set one by one.
complete as (

    select
        answers.round_id,
        answers.source_file
    from {{ ref('stg_answers') }} as answers
    inner join asked
        on
            answers.round_id = asked.round_id
            and answers.question_no = asked.question_no
    group by answers.round_id, answers.source_file
    having count(*) = max(asked.questions)

),

incomplete as (

    select returns.*
    from returns
    left join complete
        on
            returns.round_id = complete.round_id
            and returns.source_file = complete.source_file
    where complete.source_file is null

),

answered as (

    select
        incomplete.return_no,
        asked.question_no
    from {{ ref('stg_answers') }} as answers
    inner join incomplete
        on
            answers.round_id = incomplete.round_id
            and answers.source_file = incomplete.source_file
    inner join asked
        on
            answers.round_id = asked.round_id
            and answers.question_no = asked.question_no

),

-- Every standing return answers for every question of the round's set: a question that is missing
-- from the file is a blank, not an absent row.
answers as (

    select
        returns.return_no,
        readings.question_no,
        readings.rating_typed,
        readings.reported_rating,
        case when readings.comment_typed = '' then '' else {{ normalised('readings.comment_typed') }} end
            as comment_plain
    from readings
    inner join returns
        on
            readings.round_id = returns.round_id
            and readings.source_file = returns.source_file
    inner join asked
        on
            readings.round_id = asked.round_id
            and readings.question_no = asked.question_no
    union all
    select
        incomplete.return_no,
        asked.question_no,
        null as rating_typed,
        null as reported_rating,
        '' as comment_plain
    from incomplete
    inner join asked
        on incomplete.round_id = asked.round_id
    left join answered
        on
            incomplete.return_no = answered.return_no
            and asked.question_no = answered.question_no
    where answered.question_no is null

)

select
    ---------- ids
    return_no,
    question_no,

    ---------- rating
    reported_rating,
    case when reported_rating is null then rating_typed end as unread_rating,

    ---------- comment
    comment_plain,
    comment_plain <> '' as has_comment
from answers
