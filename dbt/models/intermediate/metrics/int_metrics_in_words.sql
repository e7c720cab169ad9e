with

ranking as (

    select * from {{ ref('int_ranking') }}

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

-- The rank by green alone is labelled as the report labels the rank.
labelled as (

    select
        round_id,
        question_no,
        report_label,
        {{ report_label(
            'green_rank',
            'count(*) over (partition by round_id, green_rank)',
            'count(green_rank) over (partition by round_id)',
        ) }} as green_label
    from ranking
    where consortium_code = 'all'

),

described as (

    select
        labelled.round_id,
        labelled.question_no,
        -- Only the report's own round has labels of the report.
        case when labelled.round_id in (select claims.round_id from claims) then labelled.report_label end
            as report_label,
        labelled.green_label,
        confidence_groups.confidence_group,
        coalesce(comments.comment, 'none') as ranking_comment
    from labelled
    inner join confidence_groups
        on
            labelled.round_id = confidence_groups.round_id
            and labelled.question_no = confidence_groups.question_no
    inner join comments
        on labelled.round_id = comments.round_id and labelled.question_no = comments.question_no

),

final as (

    select
        metric,
        round_id,
        question_no,
        text_value
    from described
    unpivot (text_value for metric in (report_label, green_label, confidence_group, ranking_comment))

)

select * from final
