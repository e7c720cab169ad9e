with

local_authorities as (

    select * from {{ ref('local_authorities') }}

),

rounds as (

    select * from {{ ref('int_round_order') }}

),

versions as (

    {{ in_each_round('local_authorities', 'rounds', 'local_authority_name') }}

),

final as (

    select
        round_id,
        local_authority_name,
        committee_id
    from versions

)

select * from final
