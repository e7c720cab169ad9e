with

rounds as (

    select * from {{ ref('rounds') }}

),

policy as (

    select * from {{ ref('disclosure_policy') }}

),

reopenings as (

    select * from {{ ref('round_reopenings') }}

),

counts as (

    select * from {{ ref('int_rating_counts') }}

),

reopened as (

    select distinct round_id
    from reopenings

),

rated as (

    select
        round_id,
        max(rated) as most_rated
    from counts
    where consortium_code = 'all'
    group by round_id

),

ranked as (

    select
        rounds.round_id,
        -- Final figures of a round that was opened again were published: they stay public.
        rounds.closed_on is null and reopened.round_id is null as is_first_open,
        policy.minimum_base,
        policy.protects_from_insiders,
        policy.publishes_before_closing,
        policy.has_consent,
        row_number() over (partition by rounds.round_id order by policy.round_id = 'all' asc) as choice
    from rounds
    inner join policy
        on policy.round_id in (rounds.round_id, 'all')
    left join reopened
        on rounds.round_id = reopened.round_id

),

-- A round without a row of its own has the policy of all rounds.
final as (

    select
        ranked.round_id,
        ranked.minimum_base,
        ranked.protects_from_insiders,
        ranked.publishes_before_closing,
        ranked.has_consent,
        case
            when ranked.has_consent then null
            when ranked.is_first_open and not ranked.publishes_before_closing then 'round_open'
            when coalesce(rated.most_rated, 0) < ranked.minimum_base then 'few_returns'
        end as ratings_withheld_because
    from ranked
    left join rated
        on ranked.round_id = rated.round_id
    where ranked.choice = 1

)

select * from final
