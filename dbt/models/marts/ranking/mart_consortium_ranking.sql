with

ranking as (

    select * from {{ ref('int_ranking') }}

),

questions as (

    select * from {{ ref('int_round_questions') }}

),

consortia as (

    select * from {{ ref('dim_consortium') }}

),

final as (

    select
        ---------- ids
        ranking.round_id,
        ranking.consortium_code,
        consortia.consortium_name,
        ranking.question_no,
        questions.question_key,
        questions.short_reference,
        questions.public_label,

        ---------- counts of returns
        {% for count in ['returns', 'rated', 'green', 'amber', 'red', 'blank'] -%}
            cast(ranking.{{ count }} as integer) as {{ count }},
        {% endfor %}
        ---------- shares of returns
        ranking.green_share,
        ranking.amber_share,
        ranking.red_share,
        ranking.polarisation,

        ---------- ranks within the consortium
        cast(ranking.green_rank as integer) as green_rank,
        cast(ranking.red_rank as integer) as red_rank,
        cast(ranking.rank_sum as integer) as rank_sum,
        cast(ranking.confidence_rank as integer) as confidence_rank,
        ranking.is_joint,
        ranking.has_few_ratings,

        ---------- flags
        ranking.returns < {{ var('small_base_below') }} as is_small_base
    from ranking
    inner join questions
        on ranking.round_id = questions.round_id and ranking.question_no = questions.question_no
    inner join consortia
        on ranking.consortium_code = consortia.consortium_code

)

select * from final
