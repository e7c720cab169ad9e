with

comments as (

    select * from {{ ref('int_comment_passages') }}

),

passages as (

    select
        return_no,
        question_no,
        reported_rating,
        {{ each_of('passages') }} as passage
    from comments

),

-- Taken apart a second time rather than held: a large round has more passages than memory.
repeated as (

    select passage
    from (
        select
            return_no,
            {{ each_of('passages') }} as passage
        from {{ ref('int_comment_passages') }}
    ) as each_passage
    group by passage
    having min(return_no) <> max(return_no)

)

select
    ---------- ids
    passages.return_no,
    passages.question_no,
    passages.passage,

    ---------- the rating beside the comment
    passages.reported_rating
from passages
inner join repeated
    on passages.passage = repeated.passage
