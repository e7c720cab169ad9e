with

all_answers as (

    select * from {{ ref('int_answers') }}

),

contents as (

    select * from {{ ref('int_return_contents') }}

),

phrases as (

    select * from {{ ref('int_rating_phrases') }}

),

answers as (

    select
        *,
        -- One space between words, and no other mark inside a sentence: a phrase never extends over its end.
        replace(replace(comment_plain, '’', ''''), '-', ' ') as comment_words
    from all_answers
    where
        has_comment
        and reported_rating in ('green', 'red')

),

-- Few comments have a plain phrase of the other colour at all: only these are searched for every phrase.
suspects as (

    select distinct
        answers.return_no,
        answers.question_no
    from answers
    inner join phrases
        on
            answers.reported_rating = phrases.contradicted_rating
            and phrases.is_plain
            and contains(answers.comment_words, phrases.phrase)

),

matches as (

    select
        answers.return_no,
        answers.question_no,
        answers.reported_rating,
        answers.comment_plain,
        phrases.suggested_rating,
        phrases.is_plain
    from answers
    inner join suspects
        on answers.return_no = suspects.return_no and answers.question_no = suspects.question_no
    inner join phrases
        on contains(answers.comment_words, phrases.phrase)
    where
        {{ times_met('answers.comment_words', 'phrases.pattern') }}
        > {{ times_met('answers.comment_words', 'phrases.opposite_pattern') }}

),

-- A comment that also supports its rating is mixed, and no contradiction.
contradictions as (

    select
        return_no,
        question_no,
        reported_rating,
        comment_plain
    from matches
    group by all
    having
        bool_or(is_plain and suggested_rating <> reported_rating)
        and not bool_or(suggested_rating = reported_rating)

),

described as (

    select
        contents.round_id,
        contents.committee_id,
        contradictions.question_no,
        contents.source_file,
        {{ answer_subject('contents.committee_id', 'contradictions.question_no') }} as subject,
        concat_ws(chr(31), contradictions.reported_rating, contradictions.comment_plain) as content,
        case contradictions.reported_rating
            when 'green' then 'The rating is green, and the comment says that it is not in place.'
            else 'The rating is red, and the comment says that it is fully in place.'
        end as detail
    from contradictions
    inner join contents
        on contradictions.return_no = contents.return_no

),

final as (

    select {{ finding_columns('comment_contradicts') }}
    from described

)

select * from final
