with

rounds as (

    select * from {{ ref('rounds') }}

),

policy as (

    select * from {{ ref('disclosure_policy') }}

),

ranked as (

    select
        rounds.round_id,
        policy.minimum_base,
        policy.protects_from_insiders,
        policy.has_consent,
        row_number() over (partition by rounds.round_id order by policy.round_id = 'all' asc) as choice
    from rounds
    inner join policy
        on policy.round_id in (rounds.round_id, 'all')

),

-- A round without a row of its own has the policy of all rounds.
final as (

    select
        round_id,
        minimum_base,
        protects_from_insiders,
        has_consent
    from ranked
    where choice = 1

)

select * from final
