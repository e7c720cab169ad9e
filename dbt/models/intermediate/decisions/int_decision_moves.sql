with

alternatives as (

    select * from {{ ref('int_decision_alternatives') }}

),

ranking as (

    select * from {{ ref('int_ranking') }}

),

scenarios as (

    select * from {{ ref('int_scenario_ranks') }}

),

decided as (

    select distinct
        finding_id,
        round_id,
        alternative
    from alternatives

),

decided_otherwise as (

    select * from scenarios
    where scenario = 'decided_otherwise'

),

moves as (

    select
        decided.finding_id,
        ranking.question_no,
        concat_ws(
            ' ',
            'question',
            ranking.question_no,
            'from',
            coalesce(cast(ranking.confidence_rank as string), 'no rank'),
            'to',
            coalesce(cast(decided_otherwise.confidence_rank as string), 'no rank')
        ) as move
    from decided
    inner join ranking
        on
            decided.round_id = ranking.round_id
            and ranking.consortium_code = 'all'
    left join decided_otherwise
        on
            ranking.round_id = decided_otherwise.round_id
            and ranking.question_no = decided_otherwise.question_no
            and decided.finding_id = decided_otherwise.variant
    where ranking.confidence_rank is distinct from decided_otherwise.confidence_rank

),

moved as (

    select
        finding_id,
        count(*) as questions_moved,
        {{ joined('move', "', '", 'question_no') }} as moves
    from moves
    group by finding_id

),

final as (

    select
        decided.finding_id,
        decided.alternative,
        coalesce(moved.questions_moved, 0) as questions_moved,
        moved.moves
    from decided
    left join moved
        on decided.finding_id = moved.finding_id

)

select * from final
