{%- set numbers = [
    ('blank', 'blank'),
    ('rated', 'rated'),
    ('returns', 'returns'),
    ('mean_score', '(2 * green + amber) / nullif(rated, 0)'),
    ('green_rank', 'green_rank'),
    ('red_rank', 'red_rank'),
    ('rank_sum', 'rank_sum'),
    ('confidence_rank', 'confidence_rank'),
    ('is_joint', 'cast(is_joint as integer)'),
    ('gap_after', 'gap_after'),
    ('section_of_question', 'section_no'),
    ('sub_questions', members('sub_questions')),
] -%}
{%- set texts = [
    ('report_label', 'national.report_label'),
    ('confidence_group', 'national.confidence_group'),
    ('ranking_comment', "coalesce(national.comment, 'none')"),
    ('green_label', 'labels.green_label'),
] -%}
with

ranking as (

    select * from {{ ref('int_ranking') }}

),

national as (

    select * from {{ ref('mart_question_ranking') }}

),

questions as (

    select * from {{ ref('dim_question') }}

),

rank_sums as (

    select distinct
        round_id,
        consortium_code,
        rank_sum
    from ranking
    where rank_sum is not null

),

gaps as (

    select
        round_id,
        consortium_code,
        rank_sum,
        lead(rank_sum) over (partition by round_id, consortium_code order by rank_sum asc) - rank_sum as gap_after
    from rank_sums

),

measured as (

    select
        ranking.*,
        gaps.gap_after,
        questions.section_no,
        questions.sub_questions
    from ranking
    inner join questions
        on
            ranking.round_id = questions.round_id
            and ranking.question_no = questions.question_no
    left join gaps
        on
            ranking.round_id = gaps.round_id
            and ranking.consortium_code = gaps.consortium_code
            and ranking.rank_sum = gaps.rank_sum

),

-- The rank by green alone, printed as the report prints the overall rank: a tie for last is labelled
-- with the number of questions.
labels as (

    select
        round_id,
        question_no,
        cast(
            case
                when
                    green_rank + count(*) over (partition by round_id, green_rank) - 1
                    = count(green_rank) over (partition by round_id)
                    then count(green_rank) over (partition by round_id)
                else green_rank
            end as string
        ) as green_label
    from national

)

{% for metric, value in numbers -%}
    select
        '{{ metric }}' as metric,
        round_id,
        question_no,
        consortium_code,
        cast({{ value }} as double) as number_value,
        cast(null as string) as text_value
    from measured
    union all
{% endfor -%}
{% for metric, value in texts -%}
    select
        '{{ metric }}' as metric,
        national.round_id,
        national.question_no,
        'all' as consortium_code,
        cast(null as double) as number_value,
        {{ value }} as text_value
    from national
    inner join labels
        on
            national.round_id = labels.round_id
            and national.question_no = labels.question_no
    {% if not loop.last -%}
        union all
    {% endif -%}
{% endfor -%}
