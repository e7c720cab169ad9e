with

passages as (

    select * from {{ ref('int_repeated_passages') }}
    where reported_rating in ('green', 'red')

),

comments as (

    select * from {{ ref('int_comment_passages') }}

),

answers as (

    select * from {{ ref('int_answers') }}
    where has_comment

),

returns as (

    select * from {{ ref('int_returns') }}

),

-- Passages that both colours use at one question ...
shared as (

    select
        question_no,
        passage
    from passages
    group by all
    having min(reported_rating) <> max(reported_rating)

),

candidates as (

    select distinct passages.*
    from passages
    inner join shared
        on
            passages.question_no = shared.question_no
            and passages.passage = shared.passage

),

-- ... in so few returns that the pairs do not multiply.
rare as (

    select
        question_no,
        passage
    from candidates
    group by all
    having count(*) <= {{ var('own_passage_most_returns') }}

),

pairs as (

    select
        red.question_no,
        red.return_no,
        green.return_no as other_no,
        count(*) as passages
    from candidates as red
    inner join candidates as green
        on
            red.question_no = green.question_no
            and red.passage = green.passage
    inner join rare
        on
            red.question_no = rare.question_no
            and red.passage = rare.passage
    where
        red.reported_rating = 'red'
        and green.reported_rating = 'green'
    group by all
    having count(*) >= {{ var('same_comment_least_passages') }}

),

sized as (

    select
        pairs.*,
        pairs.passages
        / ({{ distinct_members('red.passages') }} + {{ distinct_members('green.passages') }} - pairs.passages)
            as comment_share
    from pairs
    inner join comments as red
        on
            pairs.question_no = red.question_no
            and pairs.return_no = red.return_no
    inner join comments as green
        on
            pairs.question_no = green.question_no
            and pairs.other_no = green.return_no

),

alike as (

    select
        sized.question_no,
        sized.return_no,
        sized.other_no,
        other.source_file as other_file,
        other.committee_id as other_id,
        row_number() over (
            partition by sized.question_no, sized.return_no
            order by sized.comment_share desc, other.committee_id asc
        ) as place
    from sized
    inner join returns as other
        on sized.other_no = other.return_no
    where sized.comment_share >= {{ var('same_comment_share') }}

)

-- The report saw this on the question about experience of trafficking: one answer, a green and a red rating.
select
    'opposite_ratings' as check_name,
    returns.round_id,
    returns.committee_id || ' and ' || alike.other_id || ' question '
    || lpad(cast(alike.question_no as string), 2, '0') as subject,
    returns.committee_id,
    alike.question_no,
    returns.source_file,
    concat_ws(chr(31), red.comment_plain, green.comment_plain) as content,
    'Nearly the same comment is rated red here and green in ' || alike.other_file || '.' as detail
from alike
inner join answers as red
    on
        alike.question_no = red.question_no
        and alike.return_no = red.return_no
inner join answers as green
    on
        alike.question_no = green.question_no
        and alike.other_no = green.return_no
inner join returns
    on alike.return_no = returns.return_no
where alike.place = 1
