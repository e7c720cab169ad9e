with

returns as (

    select * from {{ ref('int_returns') }}

),

answers as (

    select * from {{ ref('int_answers') }}

),

-- A second import: DuckDB keeps the rows of a CTE that is read twice, and a large round does not fit into memory.
comments as (

    select * from {{ ref('int_answers') }}

),

counted as (

    select
        return_no,
        count(*) filter (where has_comment) as comments,
        {{ rating_counts('reported_rating') }},
        count(*) filter (where reported_rating is null) as blank_ratings,
        {{ fingerprint([
            'question_no',
            'case when reported_rating is null then ' ~ normalised('unread_rating') ~ ' else reported_rating end',
            'comment_plain',
        ]) }} as content_key
    from answers
    group by return_no

),

coloured as (

    select
        *,
        green + amber + red as ratings,
        cast(green > 0 as integer) + cast(amber > 0 as integer) + cast(red > 0 as integer) as colours
    from counted

),

-- Only the words of returns of one colour matter: two returns with several colours are identical by no chance.
words as (

    select
        comments.return_no,
        {{ distinct_members(word_list(joined('comments.comment_plain', "' '", 'comments.question_no'))) }} as words
    from comments
    inner join coloured
        on comments.return_no = coloured.return_no
    where
        comments.has_comment
        and coloured.colours <= 1
    group by comments.return_no

),

final as (

    select
        coloured.return_no,
        returns.round_id,
        returns.committee_id,
        returns.source_file,
        coloured.blank_ratings,
        coloured.comments,
        coloured.ratings,
        coloured.colours,
        coloured.colours > 1 or coalesce(words.words, 0) >= {{ var('duplicate_least_words') }} as is_distinctive,
        coloured.ratings = 0 and coloured.comments = 0 as is_empty,
        coloured.ratings >= {{ var('outlying_least_ratings') }}
        and (coloured.colours = 1 or coloured.comments = 0) as is_outlying,
        coloured.content_key
    from coloured
    inner join returns
        on coloured.return_no = returns.return_no
    left join words
        on coloured.return_no = words.return_no
    where returns.is_standing

)

select * from final
