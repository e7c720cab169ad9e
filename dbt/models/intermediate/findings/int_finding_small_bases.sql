with

rounds as (

    select * from {{ ref('rounds') }}

),

consortia as (

    select * from {{ ref('consortia') }}

),

committees as (

    select * from {{ ref('int_committee_rounds') }}

),

returns as (

    select * from {{ ref('int_returns') }}

),

counted as (

    select
        rounds.round_id,
        consortia.consortium_code,
        consortia.consortium_name,
        count(returns.source_file) as returns
    from rounds
    cross join consortia
    left join committees
        on rounds.round_id = committees.round_id and consortia.consortium_code = committees.consortium_code
    left join returns
        on
            rounds.round_id = returns.round_id
            and committees.committee_id = returns.committee_id
            and returns.is_standing
    group by all

),

described as (

    select
        round_id,
        consortium_name as subject,
        cast(returns as string) as content,
        'Returns in the consortium: ' || returns || '. Comparisons with it carry a small-base mark.' as detail
    from counted
    where returns < {{ var('small_base_below') }}

),

final as (

    select {{ finding_columns('small_base', about=[]) }}
    from described

)

select * from final
