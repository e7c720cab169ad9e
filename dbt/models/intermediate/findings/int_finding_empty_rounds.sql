with

rounds as (

    select * from {{ ref('rounds') }}

),

returns as (

    select * from {{ ref('int_returns') }}
    where is_standing

),

answered as (

    select count(*) as returns from returns

)

select
    'empty_round' as check_name,
    rounds.round_id,
    'round ' || rounds.round_id as subject,
    cast(null as string) as committee_id,
    cast(null as integer) as question_no,
    cast(null as string) as source_file,
    'none' as content,
    'No return of the round could be read: there is nothing to rank.' as detail
from rounds
cross join answered
left join returns
    on rounds.round_id = returns.round_id
group by rounds.round_id, rounds.closed_on, answered.returns
having
    count(returns.source_file) = 0
    -- A round that is open waits for its first return; until then another one is shown.
    and (rounds.closed_on is not null or answered.returns = 0)
