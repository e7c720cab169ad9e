with

questions as (

    select * from {{ ref('int_question_changes') }}

),

counts as (

    select * from {{ ref('int_rating_counts') }}

),

changes as (

    select * from {{ ref('int_rating_changes') }}

),

-- Ranks among 19 questions and among 20 others are not comparable: both rounds are ranked on the compared questions
-- alone. Once with all committees, and once with those that are in both rounds.
counted as (

    {% for moment, round_id, question_no in [
        ('then', 'previous_round_id', 'previous_question_no'), ('now', 'round_id', 'question_no')
    ] -%}
        select
            questions.round_id,
            questions.question_no,
            '{{ moment }}' as moment,
            'all' as scope,
            counts.consortium_code,
            counts.rated,
            counts.green,
            counts.amber,
            counts.red
        from questions
        inner join counts
            on questions.{{ round_id }} = counts.round_id and questions.{{ question_no }} = counts.question_no
        where questions.is_comparable
        union all
        select
            round_id,
            question_no,
            '{{ moment }}' as moment,
            'matched' as scope,
            'all' as consortium_code,
            count(*) as rated,
            {{ rating_counts('rating_' ~ moment) }}
        from changes
        where movement in ('up', 'down', 'same')
        group by round_id, question_no
        {% if not loop.last -%}
            union all
        {% endif -%}
    {% endfor %}
),

rated as (

    select * from counted
    where rated > 0

),

ranked as (

    {{ rank_questions('rated', within=['round_id', 'moment', 'scope', 'consortium_code']) }}

),

final as (

    select
        round_id,
        question_no,
        consortium_code,
        scope,
        moment,
        rated,
        green,
        amber,
        red,
        confidence_rank as compared_rank
    from ranked

)

select * from final
