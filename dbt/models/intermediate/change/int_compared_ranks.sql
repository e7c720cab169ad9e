with

questions as (

    select * from {{ ref('int_question_changes') }}
    where is_comparable

),

counts as (

    select * from {{ ref('int_rating_counts') }}

),

changes as (

    select * from {{ ref('fct_rating_change') }}
    where movement in ('up', 'down', 'same')

),

both_moments as (

    select
        'now' as moment,
        round_id as counted_round_id,
        question_no as counted_question_no,
        *
    from questions
    union all
    select
        'then' as moment,
        previous_round_id as counted_round_id,
        previous_question_no as counted_question_no,
        *
    from questions

),

-- Both rounds on the questions that may be compared: of all committees, and of those alone that are in both.
counted as (

    select
        both_moments.round_id,
        both_moments.question_no,
        both_moments.moment,
        'all' as scope,
        counts.consortium_code,
        counts.rated,
        counts.green,
        counts.amber,
        counts.red
    from both_moments
    inner join counts
        on
            both_moments.counted_round_id = counts.round_id
            and both_moments.counted_question_no = counts.question_no
    union all
    {% for moment in ['then', 'now'] -%}
        select
            round_id,
            question_no,
            '{{ moment }}' as moment,
            'matched' as scope,
            'all' as consortium_code,
            count(*) as rated,
            count(*) filter (where rating_{{ moment }} = 'green') as green,
            count(*) filter (where rating_{{ moment }} = 'amber') as amber,
            count(*) filter (where rating_{{ moment }} = 'red') as red
        from changes
        group by round_id, question_no
        {% if not loop.last -%}
            union all
        {% endif -%}
    {% endfor %}
),

ranked_by_colour as (

    select
        *,
        rank() over (partition by round_id, moment, scope, consortium_code order by green desc) as green_rank,
        rank() over (partition by round_id, moment, scope, consortium_code order by red asc) as red_rank
    from counted
    where rated > 0

)

-- The rule of the ranking (see int_ranking), among the compared questions alone: ranks among 19 questions and among
-- 20 others are not ranks of one thing.
select
    ---------- ids
    round_id,
    question_no,
    consortium_code,
    scope,
    moment,

    ---------- counts
    rated,
    green,
    amber,
    red,

    ---------- rank
    rank() over (
        partition by round_id, moment, scope, consortium_code order by green_rank + red_rank asc
    ) as compared_rank
from ranked_by_colour
