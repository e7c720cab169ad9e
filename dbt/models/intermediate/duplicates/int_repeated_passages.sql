with

comments as (

    select * from {{ ref('int_comment_passages') }}

),

-- A second import: DuckDB keeps the rows of a CTE that is read twice, and all passages do not fit into memory.
all_comments as (

    select * from {{ ref('int_comment_passages') }}

),

duplicates as (

    select * from {{ ref('int_duplicate_returns') }}

),

-- A return that repeats another in full is reported as such. It must not make common what is rare elsewhere.
passages as (

    select
        comments.return_no,
        comments.question_no,
        comments.reported_rating,
        {{ each_of('comments.passages') }} as passage
    from comments
    left join duplicates
        on comments.return_no = duplicates.return_no
    where duplicates.return_no is null

),

all_passages as (

    select
        all_comments.return_no,
        {{ each_of('all_comments.passages') }} as passage
    from all_comments
    left join duplicates
        on all_comments.return_no = duplicates.return_no
    where duplicates.return_no is null

),

repeated as (

    select passage
    from all_passages
    group by passage
    having min(return_no) <> max(return_no)

),

final as (

    select
        passages.return_no,
        passages.question_no,
        passages.passage,
        passages.reported_rating
    from passages
    inner join repeated
        on passages.passage = repeated.passage

)

select * from final
