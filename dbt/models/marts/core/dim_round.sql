with

rounds as (

    select * from {{ ref('rounds') }}

),

places as (

    select * from {{ ref('int_round_order') }}

)

select
    ---------- ids
    rounds.round_id,
    places.previous_round_id,
    rounds.question_set,

    ---------- text
    rounds.title,

    ---------- dates
    rounds.fieldwork_start,
    rounds.fieldwork_end,
    rounds.closed_on,

    ---------- flags
    rounds.closed_on is null as is_provisional,
    rounds.is_illustrative
from rounds
inner join places
    on rounds.round_id = places.round_id
