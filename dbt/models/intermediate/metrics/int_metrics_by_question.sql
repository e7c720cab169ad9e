{%- set metrics = [
    'blank', 'rated', 'returns', 'mean_score', 'green_rank', 'red_rank', 'rank_sum', 'confidence_rank', 'is_joint',
    'gap_after', 'section_of_question', 'sub_questions',
] -%}
with

ranking as (

    select * from {{ ref('int_ranking') }}

),

questions as (

    select * from {{ ref('int_round_questions') }}

),

sub_questions as (

    select * from {{ ref('sub_questions') }}

),

sub_question_counts as (

    select
        question_set,
        question_no,
        count(*) as sub_questions
    from sub_questions
    group by question_set, question_no

),

gaps as (

    select
        round_id,
        consortium_code,
        rank_sum,
        lead(rank_sum) over (partition by round_id, consortium_code order by rank_sum asc) - rank_sum as gap_after
    from ranking
    where rank_sum is not null
    group by round_id, consortium_code, rank_sum

),

measured as (

    select
        ranking.*,
        (2 * ranking.green + ranking.amber) / nullif(ranking.rated, 0) as mean_score,
        gaps.gap_after,
        questions.section_no as section_of_question,
        coalesce(sub_question_counts.sub_questions, 0) as sub_questions
    from ranking
    inner join questions
        on ranking.round_id = questions.round_id and ranking.question_no = questions.question_no
    left join sub_question_counts
        on
            questions.question_set = sub_question_counts.question_set
            and questions.question_no = sub_question_counts.question_no
    left join gaps
        on
            ranking.round_id = gaps.round_id
            and ranking.consortium_code = gaps.consortium_code
            and ranking.rank_sum = gaps.rank_sum

),

numbers as (

    select
        round_id,
        question_no,
        consortium_code,
        {% for metric in metrics -%}
            cast({{ metric }} as double) as {{ metric }}{% if not loop.last %},{% endif %}
        {% endfor -%}
    from measured

),

final as (

    select
        metric,
        round_id,
        question_no,
        consortium_code,
        number_value
    from numbers
    unpivot (number_value for metric in ({{ metrics | join(', ') }}))

)

select * from final
