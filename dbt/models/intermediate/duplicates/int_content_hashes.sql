with

contents as (

    select * from {{ ref('int_return_contents') }}

),

returns as (

    select * from {{ ref('int_returns') }}

),

duplicates as (

    select * from {{ ref('int_duplicate_returns') }}

),

near_duplicates as (

    select * from {{ ref('int_near_duplicate_returns') }}

),

-- To gather and hash the contents of all returns would cost more than any other step.
judged as (

    select return_no from contents
    where
        is_empty
        or is_outlying
    union
    select return_no from returns
    where is_outside_fieldwork
    union
    select return_no from duplicates
    union
    select return_no from near_duplicates
    union
    select near_duplicate_of_return_no as return_no from near_duplicates

)

-- What was answered, whatever the layout of the file and the committee on its cover.
select
    ---------- ids
    answers.return_no,

    ---------- identity
    md5(
        {{ joined_in_order(
            "concat_ws(
                chr(31),
                answers.question_no,
                coalesce(answers.reported_rating, " ~ normalised('answers.unread_rating') ~ "),
                answers.comment_plain
            )",
            'answers.question_no',
            'chr(30)'
        ) }}
    ) as content_hash
from {{ ref('int_answers') }} as answers
inner join judged
    on answers.return_no = judged.return_no
group by answers.return_no
