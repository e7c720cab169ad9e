with

returns as (

    select * from {{ ref('int_returns') }}
    where is_standing

),

-- The answers are read where they are needed and never held: a large round does not fit twice into memory.
counted as (

    select
        return_no,
        count(*) filter (where has_comment) as comments,
        count(*) filter (where reported_rating = 'green') as green,
        count(*) filter (where reported_rating = 'amber') as amber,
        count(*) filter (where reported_rating = 'red') as red,
        count(*) filter (where reported_rating is null) as blank_ratings,
        {{ fingerprint([
            'question_no',
            'case when reported_rating is null then ' ~ normalised('unread_rating') ~ ' else reported_rating end',
            'comment_plain',
        ]) }} as content_key
    from {{ ref('int_answers') }}
    group by return_no

),

coloured as (

    select
        *,
        green + amber + red as ratings,
        cast(green > 0 as integer) + cast(amber > 0 as integer) + cast(red > 0 as integer) as colours
    from counted

),

-- Whether two returns with one content have more in common than chance: short ones of one colour have not.
words as (

    select
        answers.return_no,
        {{ distinct_members(word_list(joined('answers.comment_plain', "' '", 'answers.question_no'))) }} as words
    from {{ ref('int_answers') }} as answers
    inner join coloured
        on answers.return_no = coloured.return_no
    where
        answers.has_comment
        and coloured.colours <= 1
    group by answers.return_no

)

select
    ---------- ids
    coloured.return_no,
    returns.round_id,
    returns.committee_id,
    returns.source_file,

    ---------- counts
    coloured.blank_ratings,
    coloured.comments,
    coloured.ratings,
    coloured.colours,

    ---------- flags
    coloured.colours > 1 or coalesce(words.words, 0) >= {{ var('duplicate_least_words') }} as is_distinctive,
    coloured.ratings = 0 and coloured.comments = 0 as is_empty,
    coloured.ratings >= {{ var('outlying_least_ratings') }}
    and (coloured.colours = 1 or coloured.comments = 0) as is_outlying,

    ---------- identity
    coloured.content_key
from coloured
inner join returns
    on coloured.return_no = returns.return_no
left join words
    on coloured.return_no = words.return_no
