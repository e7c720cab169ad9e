with

answers as (

    select
        *,
        -- One space between words and no other mark inside a sentence: a phrase never reaches over its end.
        replace(replace(comment_plain, '’', ''''), '-', ' ') as comment_words
    from {{ ref('int_answers') }}
    where
        has_comment
        and reported_rating in ('green', 'red')

),

contents as (

    select * from {{ ref('int_return_contents') }}

),

phrases as (

    select * from {{ ref('rating_phrases') }}

),

-- Whatever turns a phrase into its opposite: before it ("not yet fully in place"), or after it ("not at
-- present a concern").
turns as (

    select
        {{ joined('phrase', "'|'", 'phrase', "role = 'before_turns_green'") }} as before_green,
        {{ joined('phrase', "'|'", 'phrase', "role = 'after_turns_red'") }} as after_red
    from phrases

),

patterns as (

    select
        phrases.phrase,
        case when phrases.role in ('says_green', 'hints_green') then 'green' else 'red' end as speaks_for,
        case when phrases.role in ('says_green', 'hints_green') then 'red' else 'green' end as speaks_against,
        phrases.role like 'says%' as is_plain,
        '\b' || phrases.phrase || '\b' as pattern,
        case
            when phrases.role in ('says_green', 'hints_green')
                then '\b(' || turns.before_green || ')( [a-z'']+){0,3} ' || phrases.phrase || '\b'
            else '\b' || phrases.phrase || '( [a-z'']+){0,4} (' || turns.after_red || ')\b'
        end as turned_pattern
    from phrases
    cross join turns
    where phrases.role in ('says_green', 'hints_green', 'says_red')

),

-- Few comments have a plain phrase of the other colour at all: only these are searched for every phrase.
suspects as (

    select distinct
        answers.return_no,
        answers.question_no
    from answers
    inner join patterns
        on
            answers.reported_rating = patterns.speaks_against
            and patterns.is_plain
            and contains(answers.comment_words, patterns.phrase)

),

met as (

    select
        answers.return_no,
        answers.question_no,
        answers.reported_rating,
        patterns.speaks_for,
        patterns.is_plain
    from answers
    inner join suspects
        on
            answers.return_no = suspects.return_no
            and answers.question_no = suspects.question_no
    inner join patterns
        on contains(answers.comment_words, patterns.phrase)
    where
        {{ times_met('answers.comment_words', 'patterns.pattern') }}
        > {{ times_met('answers.comment_words', 'patterns.turned_pattern') }}

),

-- A comment that speaks for its rating as well is a mixed one, and no contradiction.
contradicted as (

    select
        return_no,
        question_no,
        reported_rating
    from met
    group by all
    having
        bool_or(is_plain and speaks_for <> reported_rating)
        and not bool_or(speaks_for = reported_rating)

)

select
    'comment_contradicts' as check_name,
    contents.round_id,
    contents.committee_id || ' question ' || lpad(cast(answers.question_no as string), 2, '0') as subject,
    contents.committee_id,
    answers.question_no,
    contents.source_file,
    concat_ws(chr(31), answers.reported_rating, answers.comment_plain) as content,
    case answers.reported_rating
        when 'green' then 'The rating is green, and the comment says that it is not in place.'
        else 'The rating is red, and the comment says that it is fully in place.'
    end as detail
from answers
inner join contradicted
    on
        answers.return_no = contradicted.return_no
        and answers.question_no = contradicted.question_no
inner join contents
    on answers.return_no = contents.return_no
