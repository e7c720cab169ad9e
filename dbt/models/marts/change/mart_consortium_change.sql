with

questions as (

    select * from {{ ref('int_question_changes') }}

),

ranking as (

    select * from {{ ref('mart_consortium_ranking') }}

),

compared as (

    select * from {{ ref('int_compared_ranks') }}

),

committees as (

    select * from {{ ref('dim_committee_round') }}

),

compared_ranks as (

    select
        round_id,
        question_no,
        consortium_code,
        max(compared_rank) filter (where moment = 'then') as compared_rank_then,
        max(compared_rank) filter (where moment = 'now') as compared_rank_now
    from compared
    where scope = 'all'
    group by round_id, question_no, consortium_code

),

members as (

    select
        round_id,
        consortium_code,
        {{ joined('committee_id', "' '", 'committee_id') }} as committee_ids
    from committees
    group by round_id, consortium_code

),

final as (

    select
        ---------- ids
        questions.round_id,
        questions.previous_round_id,
        ranking_now.consortium_code,
        ranking_now.consortium_name,
        questions.question_no,
        questions.question_key,
        ranking_now.short_reference,
        ranking_now.public_label,

        ---------- counts
        {% for count in ['returns', 'green', 'amber', 'red'] -%}
            ranking_then.{{ count }} as {{ count }}_then,
            ranking_now.{{ count }} as {{ count }}_now,
        {% endfor %}
        ---------- ranks within the consortium
        ranking_then.confidence_rank as rank_then,
        ranking_now.confidence_rank as rank_now,
        cast(compared_ranks.compared_rank_then as integer) as compared_rank_then,
        cast(compared_ranks.compared_rank_now as integer) as compared_rank_now,
        cast(compared_ranks.compared_rank_then - compared_ranks.compared_rank_now as integer) as places_gained,

        ---------- flags
        (ranking_then.is_small_base or ranking_now.is_small_base) as is_small_base,
        coalesce(members_now.committee_ids <> members_then.committee_ids, true) as has_other_members
    from questions
    inner join ranking as ranking_now
        on questions.round_id = ranking_now.round_id and questions.question_no = ranking_now.question_no
    inner join ranking as ranking_then
        on
            questions.previous_round_id = ranking_then.round_id
            and questions.previous_question_no = ranking_then.question_no
            and ranking_now.consortium_code = ranking_then.consortium_code
    left join compared_ranks
        on
            questions.round_id = compared_ranks.round_id
            and questions.question_no = compared_ranks.question_no
            and ranking_now.consortium_code = compared_ranks.consortium_code
    left join members as members_now
        on
            questions.round_id = members_now.round_id
            and ranking_now.consortium_code = members_now.consortium_code
    left join members as members_then
        on
            questions.previous_round_id = members_then.round_id
            and ranking_now.consortium_code = members_then.consortium_code
    where questions.is_comparable

)

select * from final
