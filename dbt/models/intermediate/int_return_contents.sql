with

answers as (

    select * from {{ ref('int_answers') }}

),

returns as (

    select * from {{ ref('int_returns') }}
    where is_standing

),

-- What was answered, whatever the layout of the file and the committee on its cover.
gathered as (

    select
        answers.round_id,
        answers.committee_id,
        count(*) filter (where answers.reported_rating is null) as blank_ratings,
        count(*) filter (where answers.has_comment) as comments,
        count(answers.reported_rating) as ratings,
        count(distinct answers.reported_rating) as colours,
        {{ joined_in_order(
            "concat_ws(
                chr(31),
                answers.question_no,
                coalesce(answers.reported_rating, " ~ normalised('answers.unread_rating') ~ "),
                answers.comment_plain
            )",
            'answers.question_no',
            'chr(30)'
        ) }} as content
    from answers
    group by answers.round_id, answers.committee_id

),

-- Whether two returns with one content have more in common than chance: short ones of one colour have not.
words as (

    select
        answers.round_id,
        answers.committee_id,
        {{ distinct_members(word_list(joined('answers.comment_plain', "' '", 'answers.question_no'))) }} as words
    from answers
    inner join gathered
        on
            answers.round_id = gathered.round_id
            and answers.committee_id = gathered.committee_id
    where
        answers.has_comment
        and gathered.colours <= 1
    group by answers.round_id, answers.committee_id

)

select
    ---------- ids
    gathered.round_id,
    gathered.committee_id,
    returns.source_file,

    ---------- counts
    gathered.blank_ratings,
    gathered.comments,
    gathered.ratings,
    gathered.colours,

    ---------- flags
    gathered.colours > 1 or coalesce(words.words, 0) >= {{ var('duplicate_least_words') }} as is_distinctive,
    gathered.ratings = 0 and gathered.comments = 0 as is_empty,

    ---------- identity
    md5(gathered.content) as content_hash
from gathered
inner join returns
    on
        gathered.round_id = returns.round_id
        and gathered.committee_id = returns.committee_id
left join words
    on
        gathered.round_id = words.round_id
        and gathered.committee_id = words.committee_id
