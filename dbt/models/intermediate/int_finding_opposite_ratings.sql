with

passages as (

    select * from {{ ref('int_comment_passages') }}
    where reported_rating in ('green', 'red')

),

answers as (

    select * from {{ ref('int_answers') }}

),

contents as (

    select * from {{ ref('int_return_contents') }}

),

-- Passages that both colours use at one question, in so few returns that the pairs do not multiply.
shared as (

    select
        round_id,
        question_no,
        passage
    from passages
    group by all
    having
        count(distinct reported_rating) = 2
        and count(*) <= {{ var('own_passage_most_returns') }}

),

candidates as (

    select passages.*
    from passages
    inner join shared
        on
            passages.round_id = shared.round_id
            and passages.question_no = shared.question_no
            and passages.passage = shared.passage

),

pairs as (

    select
        red.round_id,
        red.question_no,
        red.committee_id,
        green.committee_id as other_id,
        count(*) as passages
    from candidates as red
    inner join candidates as green
        on
            red.round_id = green.round_id
            and red.question_no = green.question_no
            and red.passage = green.passage
    where
        red.reported_rating = 'red'
        and green.reported_rating = 'green'
    group by all
    having count(*) >= {{ var('same_comment_least_passages') }}

),

compared as (

    select distinct
        round_id,
        question_no,
        committee_id
    from pairs
    union
    select distinct
        round_id,
        question_no,
        other_id as committee_id
    from pairs

),

sizes as (

    select
        passages.round_id,
        passages.question_no,
        passages.committee_id,
        count(*) as passages
    from passages
    inner join compared
        on
            passages.round_id = compared.round_id
            and passages.question_no = compared.question_no
            and passages.committee_id = compared.committee_id
    group by all

),

alike as (

    select
        pairs.*,
        row_number() over (
            partition by pairs.round_id, pairs.question_no, pairs.committee_id
            order by pairs.passages / (red.passages + green.passages - pairs.passages) desc, pairs.other_id asc
        ) as place
    from pairs
    inner join sizes as red
        on
            pairs.round_id = red.round_id
            and pairs.question_no = red.question_no
            and pairs.committee_id = red.committee_id
    inner join sizes as green
        on
            pairs.round_id = green.round_id
            and pairs.question_no = green.question_no
            and pairs.other_id = green.committee_id
    where
        pairs.passages
        >= {{ var('same_comment_share') }} * (red.passages + green.passages - pairs.passages)

)

-- The report saw this on the question about experience of trafficking: one answer, a green and a red rating.
select
    'opposite_ratings' as check_name,
    alike.round_id,
    alike.committee_id || ' and ' || alike.other_id || ' question '
    || lpad(cast(alike.question_no as string), 2, '0') as subject,
    alike.committee_id,
    alike.question_no,
    red_contents.source_file,
    concat_ws(chr(31), red.comment_plain, green.comment_plain) as content,
    'Nearly the same comment is rated red here and green in ' || green_contents.source_file || '.' as detail
from alike
inner join answers as red
    on
        alike.round_id = red.round_id
        and alike.question_no = red.question_no
        and alike.committee_id = red.committee_id
inner join answers as green
    on
        alike.round_id = green.round_id
        and alike.question_no = green.question_no
        and alike.other_id = green.committee_id
inner join contents as red_contents
    on
        red.round_id = red_contents.round_id
        and red.committee_id = red_contents.committee_id
inner join contents as green_contents
    on
        green.round_id = green_contents.round_id
        and green.committee_id = green_contents.committee_id
where alike.place = 1
