with

rounds as (

    select * from {{ ref('int_round_order') }}

),

coverage as (

    select * from {{ ref('int_coverage') }}

),

returned as (

    select
        round_id,
        returned > 0 as has_returns
    from coverage
    where consortium_code = 'all'

),

placed as (

    select
        rounds.*,
        max(case when returned.has_returns then rounds.position end) over () as latest_position
    from rounds
    left join returned
        on rounds.round_id = returned.round_id

),

final as (

    select
        ---------- ids
        round_id,
        previous_round_id,
        question_set,

        ---------- text
        title,

        ---------- dates
        fieldwork_start,
        fieldwork_end,
        closed_on,

        ---------- flags
        closed_on is null as is_provisional,
        is_illustrative,
        coalesce(position = latest_position, false) as is_latest
    from placed

)

select * from final
