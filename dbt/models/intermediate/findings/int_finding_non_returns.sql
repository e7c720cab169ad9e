with

rounds as (

    select * from {{ ref('int_round_order') }}

),

invitations as (

    select * from {{ ref('invitations') }}

),

returns as (

    select * from {{ ref('int_returns') }}

),

standing as (

    select * from returns
    where is_standing

),

non_returns as (

    select distinct
        invitations.round_id,
        invitations.committee_id
    from invitations
    left join standing
        on invitations.round_id = standing.round_id and invitations.committee_id = standing.committee_id
    where standing.source_file is null

),

standing_count as (

    select count(*) as returns from standing

),

-- An open round waits for its first return. Until then another round is shown, if there is one.
empty_rounds as (

    select rounds.round_id
    from rounds
    cross join standing_count
    left join standing
        on rounds.round_id = standing.round_id
    where
        standing.source_file is null
        and (rounds.closed_on is not null or standing_count.returns = 0)

),

described as (

    select
        'non_return' as check_name,
        round_id,
        committee_id,
        committee_id as subject,
        'The committee was invited and sent no return that could be read.' as detail
    from non_returns
    union all
    select
        'empty_round' as check_name,
        round_id,
        null as committee_id,
        'round ' || round_id as subject,
        'No return of the round could be read: there is nothing to rank.' as detail
    from empty_rounds

),

final as (

    select {{ finding_columns(content="'none'", about=['committee_id']) }}
    from described

)

select * from final
