with

files as (

    select * from {{ ref('stg_return_files') }}

),

questions as (

    select * from {{ ref('int_round_questions') }}

),

answers as (

    select * from {{ ref('stg_answers') }}

),

-- A second import: DuckDB keeps the rows of a CTE that is read twice, and a large round does not fit into memory.
answers_of_incomplete as (

    select * from {{ ref('stg_answers') }}

),

asked as (

    select
        round_id,
        question_no,
        count(*) over (partition by round_id) as questions
    from questions

),

complete as (

    select
        answers.round_id,
        answers.source_file
    from answers
    inner join asked
        on answers.round_id = asked.round_id and answers.question_no = asked.question_no
    group by answers.round_id, answers.source_file
    having count(*) = max(asked.questions)

),

-- Few files lack a question: only their answers are compared with the question set one by one.
incomplete as (

    select
        files.round_id,
        files.source_file
    from files
    left join complete
        on files.round_id = complete.round_id and files.source_file = complete.source_file
    where
        files.file_status = 'read'
        and complete.source_file is null

),

answered as (

    select
        answers.round_id,
        answers.source_file,
        answers.question_no
    from answers_of_incomplete as answers
    inner join incomplete
        on answers.round_id = incomplete.round_id and answers.source_file = incomplete.source_file

),

final as (

    select
        incomplete.round_id,
        incomplete.source_file,
        asked.question_no
    from incomplete
    inner join asked
        on incomplete.round_id = asked.round_id
    left join answered
        on
            incomplete.round_id = answered.round_id
            and incomplete.source_file = answered.source_file
            and asked.question_no = answered.question_no
    where answered.question_no is null

)

select * from final
