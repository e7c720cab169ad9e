with

rounds as (

    select * from {{ ref('rounds') }}

),

returns as (

    select * from {{ ref('int_returns') }}
    where is_standing

)

select
    'empty_round' as check_name,
    rounds.round_id,
    'round ' || rounds.round_id as subject,
    cast(null as varchar) as committee_id,
    cast(null as integer) as question_no,
    cast(null as varchar) as source_file,
    'none' as content,
    'No return of the round could be read: there is nothing to rank.' as detail
from rounds
left join returns
    on rounds.round_id = returns.round_id
group by rounds.round_id
having count(returns.source_file) = 0
