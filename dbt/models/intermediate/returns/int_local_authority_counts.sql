with

authorities as (

    select * from {{ ref('int_local_authority_rounds') }}

),

final as (

    select
        round_id,
        committee_id,
        cast(count(*) as integer) as local_authority_count
    from authorities
    group by all

)

select * from final
