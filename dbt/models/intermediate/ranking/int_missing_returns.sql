with

returns as (

    select * from {{ ref('int_counted_returns') }}

),

coverage as (

    select * from {{ ref('int_coverage') }}

),

counted as (

    select
        round_id,
        count(*) as members
    from returns
    where is_counted
    group by round_id

),

final as (

    select
        counted.round_id,
        counted.members,
        coverage.invited - counted.members as missing
    from counted
    inner join coverage
        on counted.round_id = coverage.round_id
    where coverage.consortium_code = 'all'

)

select * from final
