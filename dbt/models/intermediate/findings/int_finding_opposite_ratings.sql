with

similar_comments as (

    select * from {{ ref('int_similar_comments') }}

),

answers as (

    select * from {{ ref('int_answers') }}

),

returns as (

    select * from {{ ref('int_returns') }}

),

nearest as (

    select
        similar_comments.question_no,
        similar_comments.red_return_no,
        similar_comments.green_return_no,
        returns.source_file as green_file,
        returns.committee_id as green_committee_id
    from similar_comments
    inner join returns
        on similar_comments.green_return_no = returns.return_no
    qualify row_number() over (
        partition by similar_comments.question_no, similar_comments.red_return_no
        order by similar_comments.comment_share desc, returns.committee_id asc
    ) = 1

),

members as (

    select red_return_no as return_no from nearest
    union
    select green_return_no as return_no from nearest

),

compared_answers as (

    select
        answers.return_no,
        answers.question_no,
        answers.comment_plain
    from answers
    inner join members
        on answers.return_no = members.return_no

),

-- The report found this at the question about experience of trafficking: one answer, a green and a red rating.
described as (

    select
        returns.round_id,
        returns.committee_id,
        nearest.question_no,
        returns.source_file,
        {{ answer_subject(
            "returns.committee_id || ' and ' || nearest.green_committee_id", 'nearest.question_no'
        ) }} as subject,
        concat_ws(chr(31), red.comment_plain, green.comment_plain) as content,
        'Nearly the same comment is rated red here and green in ' || nearest.green_file || '.' as detail
    from nearest
    inner join returns
        on nearest.red_return_no = returns.return_no
    inner join compared_answers as red
        on nearest.question_no = red.question_no and nearest.red_return_no = red.return_no
    inner join compared_answers as green
        on nearest.question_no = green.question_no and nearest.green_return_no = green.return_no

),

final as (

    select {{ finding_columns('opposite_ratings') }}
    from described

)

select * from final
