{%- set moments = ['then', 'now'] -%}
{%- set colours = ['green', 'amber', 'red'] -%}
with

questions as (

    select * from {{ ref('int_question_changes') }}
    where is_comparable

),

ranking as (

    select
        *,
        count(confidence_rank) over (partition by round_id) as questions_ranked
    from {{ ref('mart_question_ranking') }}

),

compared as (

    select
        {% for moment in moments -%}
            max(compared_rank) filter (where scope = 'all' and moment = '{{ moment }}') as compared_rank_{{ moment }},
            max(compared_rank) filter (where scope = 'matched' and moment = '{{ moment }}')
                as matched_rank_{{ moment }},
            {% for colour in colours -%}
                coalesce(max({{ colour }}) filter (where scope = 'all' and moment = '{{ moment }}'), 0)
                    as all_{{ colour }}_{{ moment }},
                coalesce(max({{ colour }}) filter (where scope = 'matched' and moment = '{{ moment }}'), 0)
                    as matched_{{ colour }}_{{ moment }},
            {% endfor -%}
        {% endfor -%}
        round_id,
        question_no
    from {{ ref('int_compared_ranks') }}
    where consortium_code = 'all'
    group by round_id, question_no

),

moves as (

    select
        round_id,
        question_no,
        count(*) filter (where movement in ('up', 'same', 'down')) as matched,
        count(*) filter (where movement = 'up') as moved_up,
        count(*) filter (where movement = 'same') as stayed,
        count(*) filter (where movement = 'down') as moved_down,
        count(*) filter (where movement = 'only_then') as only_then,
        count(*) filter (where movement = 'only_now') as only_now,
        count(*) filter (where movement = 'unclear_before') as unclear_before
    from {{ ref('fct_rating_change') }}
    group by round_id, question_no

),

-- What all committees have more than the matched ones is known to whoever can subtract. Where that is of one colour,
-- it is the rating of known committees: then the matched figures stay with the analysts.
outside as (

    select
        {% for moment in moments -%}
            {% for colour in colours -%}
                all_{{ colour }}_{{ moment }} - matched_{{ colour }}_{{ moment }} as outside_{{ colour }}_{{ moment }},
            {% endfor -%}
        {% endfor -%}
        *
    from compared

),

judged as (

    select
        {% for moment in moments -%}
            coalesce(
                least(outside_green_{{ moment }}, outside_amber_{{ moment }}, outside_red_{{ moment }}) < 0
                or cast(outside_green_{{ moment }} > 0 as integer)
                + cast(outside_amber_{{ moment }} > 0 as integer)
                + cast(outside_red_{{ moment }} > 0 as integer) = 1,
                false
            ) as is_telling_{{ moment }},
        {% endfor -%}
        *
    from outside

),

joined as (

    select
        questions.round_id,
        questions.previous_round_id,
        questions.question_no,
        questions.previous_question_no,
        questions.question_key,
        questions.change = 'reworded' as is_reworded,
        questions.comparability_note,
        ranking_now.short_reference,
        ranking_then.returns as returns_then,
        ranking_now.returns as returns_now,
        ranking_then.green as green_then,
        ranking_now.green as green_now,
        ranking_then.amber as amber_then,
        ranking_now.amber as amber_now,
        ranking_then.red as red_then,
        ranking_now.red as red_now,
        ranking_then.confidence_rank as rank_then,
        ranking_now.confidence_rank as rank_now,
        ranking_then.questions_ranked as questions_then,
        ranking_now.questions_ranked as questions_now,
        ranking_then.confidence_group as confidence_group_then,
        ranking_now.confidence_group as confidence_group_now,
        judged.compared_rank_then,
        judged.compared_rank_now,
        judged.matched_rank_then,
        judged.matched_rank_now,
        {% for colour in colours -%}
            judged.matched_{{ colour }}_then,
            judged.matched_{{ colour }}_now,
        {% endfor -%}
        coalesce(moves.matched, 0) as matched,
        moves.moved_up,
        moves.stayed,
        moves.moved_down,
        coalesce(moves.only_then, 0) as only_then,
        coalesce(moves.only_now, 0) as only_now,
        coalesce(moves.unclear_before, 0) as unclear_before,
        coalesce(
            judged.is_telling_then
            or judged.is_telling_now
            or coalesce(moves.matched, 0) < {{ var('small_base_below') }},
            true
        ) as is_withheld
    from questions
    inner join ranking as ranking_now
        on
            questions.round_id = ranking_now.round_id
            and questions.question_no = ranking_now.question_no
    inner join ranking as ranking_then
        on
            questions.previous_round_id = ranking_then.round_id
            and questions.previous_question_no = ranking_then.question_no
    left join judged
        on
            questions.round_id = judged.round_id
            and questions.question_no = judged.question_no
    left join moves
        on
            questions.round_id = moves.round_id
            and questions.question_no = moves.question_no

)

select
    ---------- ids
    round_id,
    previous_round_id,
    question_no,
    previous_question_no,
    question_key,
    short_reference,

    ---------- all committees, as each round published them
    returns_then,
    returns_now,
    {% for colour in colours -%}
        {{ colour }}_then,
        {{ colour }}_now,
    {% endfor -%}
    rank_then,
    rank_now,
    cast(questions_then as integer) as questions_then,
    cast(questions_now as integer) as questions_now,
    confidence_group_then,
    confidence_group_now,

    ---------- all committees, among the compared questions
    cast(compared_rank_then as integer) as compared_rank_then,
    cast(compared_rank_now as integer) as compared_rank_now,
    cast(compared_rank_then - compared_rank_now as integer) as places_gained,

    ---------- committees in both rounds, and not
    cast(matched as integer) as matched,
    cast(only_then as integer) as only_then,
    cast(only_now as integer) as only_now,
    cast(only_then + only_now as integer) as not_in_both,
    cast(unclear_before as integer) as unclear_before,

    ---------- matched committees
    is_withheld,
    {% for column in ['moved_up', 'stayed', 'moved_down'] -%}
        cast(case when not is_withheld then {{ column }} end as integer) as {{ column }},
    {% endfor -%}
    {% for colour in colours -%}
        {% for moment in moments -%}
            cast(case when not is_withheld then matched_{{ colour }}_{{ moment }} end as integer)
                as matched_{{ colour }}_{{ moment }},
        {% endfor -%}
    {% endfor -%}
    {% for moment in moments -%}
        cast(case when not is_withheld then matched_rank_{{ moment }} end as integer) as matched_rank_{{ moment }},
    {% endfor %}
    ---------- wording
    is_reworded,
    comparability_note
from joined
