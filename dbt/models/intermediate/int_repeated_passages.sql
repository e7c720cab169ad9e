with

passages as (

    select
        return_no,
        question_no,
        reported_rating,
        {{ each_of('passages') }} as passage
    from {{ ref('int_comment_passages') }}

),

repeated as (

    select passage
    from passages
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
