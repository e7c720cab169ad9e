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

-- One list per file: a row per file and question would take five times as long on a large round.
answered as (

    select
        round_id,
        source_file,
        array_agg(question_no) as question_numbers
    from answers
    group by round_id, source_file

),

final as (

    select
        files.round_id,
        files.source_file,
        questions.question_no
    from files
    inner join questions
        on files.round_id = questions.round_id
    left join answered
        on files.round_id = answered.round_id and files.source_file = answered.source_file
    where
        files.file_status = 'read'
        and not coalesce(array_contains(answered.question_numbers, questions.question_no), false)

)

select * from final
