with

all_passages as (

    select * from {{ ref('int_repeated_passages') }}

),

comments as (

    select * from {{ ref('int_comment_passages') }}

),

passages as (

    select * from all_passages
    where reported_rating in ('green', 'red')

),

-- Passages that both colours have at one question ...
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
        on passages.question_no = shared.question_no and passages.passage = shared.passage

),

-- ... in so few returns that the pairs do not multiply.
rare_candidates as (

    select *
    from candidates
    qualify count(*) over (partition by question_no, passage) <= {{ var('own_passage_most_returns') }}

),

pairs as (

    select
        red.question_no,
        red.return_no as red_return_no,
        green.return_no as green_return_no,
        count(*) as passages
    from rare_candidates as red
    inner join rare_candidates as green
        on red.question_no = green.question_no and red.passage = green.passage
    where
        red.reported_rating = 'red'
        and green.reported_rating = 'green'
    group by all
    having count(*) >= {{ var('same_comment_least_passages') }}

),

sized as (

    select
        pairs.question_no,
        pairs.red_return_no,
        pairs.green_return_no,
        pairs.passages / (
            {{ distinct_members('red.passages') }} + {{ distinct_members('green.passages') }} - pairs.passages
        ) as comment_share
    from pairs
    inner join comments as red
        on pairs.question_no = red.question_no and pairs.red_return_no = red.return_no
    inner join comments as green
        on pairs.question_no = green.question_no and pairs.green_return_no = green.return_no

),

final as (

    select * from sized
    where comment_share >= {{ var('same_comment_share') }}

)

select * from final
