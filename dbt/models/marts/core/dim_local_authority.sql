with

authorities as (

    select * from {{ ref('int_local_authority_rounds') }}

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
        -- An authority of two committees stops the release (see int_finding_counted_twice).
        min(authorities.committee_id) as committee_id
    from authorities
    inner join latest
        on authorities.round_id = latest.round_id
    group by authorities.local_authority_name

)

select * from final
