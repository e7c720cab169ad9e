with

changes as (

    select * from {{ ref('fct_rating_change') }}
    where movement in ('up', 'same', 'down')

),

questions as (

    select * from {{ ref('mart_round_change') }}
    where not is_withheld

)

select
    ---------- ids
    changes.round_id,
    questions.previous_round_id,
    changes.question_no,
    questions.question_key,
    questions.short_reference,
    changes.rating_then,
    changes.rating_now,

    ---------- count
    cast(count(*) as integer) as committees
from changes
inner join questions
    on
        changes.round_id = questions.round_id
        and changes.question_no = questions.question_no
group by all
