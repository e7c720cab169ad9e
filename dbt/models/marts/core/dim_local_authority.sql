with

authorities as (

    select * from {{ ref('dim_local_authority_round') }}

),

rounds as (

    select * from {{ ref('int_round_order') }}

),

latest as (

    select max_by(round_id, position) as round_id from rounds

),

final as (

    select
        ---------- ids
        authorities.local_authority_name,
        authorities.committee_id
    from authorities
    inner join latest
        on authorities.round_id = latest.round_id

)

select * from final
