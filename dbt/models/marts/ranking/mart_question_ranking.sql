with

ranking as (

    select * from {{ ref('int_ranking') }}

),

questions as (

    select * from {{ ref('int_round_questions') }}

),

confidence_groups as (

    select * from {{ ref('int_confidence_groups') }}

),

comments as (

    select * from {{ ref('int_ranking_comments') }}

),

claims as (

    select * from {{ ref('claims') }}

),

-- The report printed labels for the round that its statements are about.
reported_rounds as (

    select distinct round_id from claims

),

final as (

    select
        ---------- ids
        ranking.round_id,
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

        ---------- ranks
        cast(ranking.green_rank as integer) as green_rank,
        cast(ranking.red_rank as integer) as red_rank,
        cast(ranking.rank_sum as integer) as rank_sum,
        cast(ranking.confidence_rank as integer) as confidence_rank,
        ranking.is_joint,
        ranking.has_few_ratings,
        case when reported_rounds.round_id is not null then ranking.report_label end as report_label,

        ---------- in words
        confidence_groups.confidence_group,
        confidence_groups.confidence_subgroup,
        comments.comment
    from ranking
    inner join questions
        on ranking.round_id = questions.round_id and ranking.question_no = questions.question_no
    inner join confidence_groups
        on ranking.round_id = confidence_groups.round_id and ranking.question_no = confidence_groups.question_no
    inner join comments
        on ranking.round_id = comments.round_id and ranking.question_no = comments.question_no
    left join reported_rounds
        on ranking.round_id = reported_rounds.round_id
    where ranking.consortium_code = 'all'

)

select * from final
