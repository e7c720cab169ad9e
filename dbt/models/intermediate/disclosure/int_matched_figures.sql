with

questions as (

    select * from {{ ref('int_question_changes') }}

),

movements as (

    select * from {{ ref('int_question_movements') }}

),

suppressed as (

    select * from {{ ref('int_suppressed_rows') }}

),

committees as (

    select * from {{ ref('int_committee_rounds') }}

),

duplicate_counts as (

    select * from {{ ref('int_duplicate_counts') }}

),

policy as (

    select * from {{ ref('int_disclosure_policy') }}

),

-- Rounds in which a committee has a return identical to that of another, and pairs of rounds between which one moved.
with_duplicates as (

    select distinct round_id
    from duplicate_counts
    where duplicates > 0

),

with_moves as (

    select distinct questions.round_id
    from questions
    inner join committees
        on questions.round_id = committees.round_id
    inner join committees as committees_before
        on
            questions.previous_round_id = committees_before.round_id
            and committees.committee_id = committees_before.committee_id
    where committees.consortium_code <> committees_before.consortium_code

),

suppressed_questions as (

    select distinct
        round_id,
        question_no
    from suppressed

),

-- Figures of matched committees are safe only where nothing distinguishes the committees of a consortium: all of them
-- are matched, and all counts of both rounds are published.
final as (

    select
        movements.round_id,
        movements.question_no,
        case
            when policy.has_consent and coalesce(policy_before.has_consent, true) then null
            when movements.only_then + movements.only_now + movements.unclear_before > 0 then 'known_committees'
            when coalesce(duplicates_now.round_id, duplicates_before.round_id, with_moves.round_id) is not null
                then 'known_committees'
            when hidden_now.question_no is not null or hidden_before.question_no is not null then 'protects_another'
            when movements.is_withheld then 'small_base'
        end as suppressed_because
    from movements
    inner join questions
        on
            movements.round_id = questions.round_id
            and movements.question_no = questions.question_no
    inner join policy
        on movements.round_id = policy.round_id
    left join policy as policy_before
        on questions.previous_round_id = policy_before.round_id
    left join with_duplicates as duplicates_now
        on movements.round_id = duplicates_now.round_id
    left join with_duplicates as duplicates_before
        on questions.previous_round_id = duplicates_before.round_id
    left join with_moves
        on movements.round_id = with_moves.round_id
    left join suppressed_questions as hidden_now
        on
            movements.round_id = hidden_now.round_id
            and movements.question_no = hidden_now.question_no
    left join suppressed_questions as hidden_before
        on
            questions.previous_round_id = hidden_before.round_id
            and questions.previous_question_no = hidden_before.question_no

)

select * from final
