with

answers as (

    select * from {{ ref('int_answers') }}

),

contents as (

    select * from {{ ref('int_return_contents') }}

)

-- A return without any answer is one finding (see int_finding_blank_returns), not one per question.
select
    'blank_rating' as check_name,
    contents.round_id,
    contents.committee_id || ' question ' || lpad(cast(answers.question_no as string), 2, '0') as subject,
    contents.committee_id,
    answers.question_no,
    contents.source_file,
    -- An estimate rests on the comment: a new comment is a new finding.
    concat_ws(chr(31), {{ normalised('answers.unread_rating') }}, answers.comment_plain) as content,
    case
        when {{ normalised('answers.unread_rating') }} = '' then 'No rating was given.'
        else 'What stands in the place of the rating is not a rating.'
    end as detail
from answers
inner join contents
    on answers.return_no = contents.return_no
where
    answers.reported_rating is null
    and not contents.is_empty
