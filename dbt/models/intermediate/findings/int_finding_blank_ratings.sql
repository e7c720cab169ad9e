with

answers as (

    select * from {{ ref('int_answers') }}

),

contents as (

    select * from {{ ref('int_return_contents') }}

),

-- A return without any answer is one finding (see int_finding_returns), not one per question.
blanks as (

    select
        contents.round_id,
        contents.committee_id,
        contents.source_file,
        answers.question_no,
        answers.comment_plain,
        {{ normalised('answers.unread_rating') }} as unread_rating
    from answers
    inner join contents
        on answers.return_no = contents.return_no
    where
        answers.reported_rating is null
        and not contents.is_empty

),

described as (

    select
        *,
        {{ answer_subject('committee_id', 'question_no') }} as subject,
        -- An estimate depends on the comment: a new comment makes a new finding.
        concat_ws(chr(31), unread_rating, comment_plain) as content,
        case
            when unread_rating = '' then 'No rating was given.'
            else 'The text in place of the rating is not a rating.'
        end as detail
    from blanks

),

final as (

    select {{ finding_columns('blank_rating') }}
    from described

)

select * from final
