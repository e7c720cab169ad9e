with

published as (

    select * from {{ ref('stg_published_returns') }}

),

rounds as (

    select * from {{ ref('rounds') }}

),

reopenings as (

    select * from {{ ref('round_reopenings') }}

),

published_rounds as (

    select distinct
        round_id,
        closed_on,
        times_reopened
    from published

),

reopened as (

    select
        round_id,
        count(*) as times_reopened
    from reopenings
    group by round_id

),

-- Only a recorded reopening makes final figures provisional again. An edited date alone does not.
final as (

    select
        published_rounds.round_id,
        published_rounds.closed_on as published_closed_on,
        rounds.closed_on,
        published_rounds.closed_on is not null
        and coalesce(reopened.times_reopened, 0) <= published_rounds.times_reopened as is_final
    from published_rounds
    left join rounds
        on published_rounds.round_id = rounds.round_id
    left join reopened
        on published_rounds.round_id = reopened.round_id

)

select * from final
