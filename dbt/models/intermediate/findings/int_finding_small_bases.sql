with

consortia as (

    select * from {{ ref('consortia') }}

),

committees as (

    select * from {{ ref('int_committee_rounds') }}

),

returns as (

    select * from {{ ref('int_returns') }}

),

rounds as (

    select * from {{ ref('rounds') }}

),

counted as (

    select
        rounds.round_id,
        consortia.consortium_code,
        consortia.consortium_name,
        count(returns.source_file) as returned
    from rounds
    cross join consortia
    left join committees
        on
            rounds.round_id = committees.round_id
            and consortia.consortium_code = committees.consortium_code
    left join returns
        on
            rounds.round_id = returns.round_id
            and committees.committee_id = returns.committee_id
            and returns.is_standing
    group by all

)

select
    'small_base' as check_name,
    round_id,
    consortium_name as subject,
    cast(null as string) as committee_id,
    cast(null as integer) as question_no,
    cast(null as string) as source_file,
    cast(returned as string) as content,
    'Returns in the consortium: ' || returned || '. Comparisons with it carry a small-base mark.' as detail
from counted
where returned < {{ var('small_base_below') }}
