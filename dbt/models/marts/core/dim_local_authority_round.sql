with

authorities as (

    select * from {{ ref('int_local_authority_rounds') }}

),

final as (

    select
        ---------- ids
        round_id,
        local_authority_name,
        -- An authority of two committees stops the release (see int_finding_counted_twice).
        min(committee_id) as committee_id
    from authorities
    group by round_id, local_authority_name

)

select * from final
