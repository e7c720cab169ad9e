with

ranking as (

    select * from {{ ref('int_ranking') }}
    where consortium_code = 'all'

),

questions as (

    select * from {{ ref('dim_question') }}

),

confidence_groups as (

    select * from {{ ref('int_confidence_groups') }}

),

comments as (

    select * from {{ ref('int_ranking_comments') }}

),

sized as (

    select
        *,
        count(confidence_rank) over (partition by round_id) as questions_ranked
    from ranking

)

select
    ---------- ids
    sized.round_id,
    sized.question_no,
    questions.question_key,
    questions.short_reference,

    ---------- counts of returns
    cast(sized.returns as integer) as returns,
    cast(sized.rated as integer) as rated,
    cast(sized.green as integer) as green,
    cast(sized.amber as integer) as amber,
    cast(sized.red as integer) as red,
    cast(sized.blank as integer) as blank,

    ---------- shares of returns
    sized.green_share,
    sized.amber_share,
    sized.red_share,
    sized.polarisation,

    ---------- ranks
    cast(sized.green_rank as integer) as green_rank,
    cast(sized.red_rank as integer) as red_rank,
    cast(sized.rank_sum as integer) as rank_sum,
    cast(sized.confidence_rank as integer) as confidence_rank,
    sized.is_joint,
    -- The report labels a tie by its lowest number, but a tie for last by the number of questions (Appendix B).
    cast(
        case
            when
                sized.is_joint
                and sized.confidence_rank + sized.questions_at_rank - 1 = sized.questions_ranked
                then sized.questions_ranked
            else sized.confidence_rank
        end as string
    ) as report_label,

    ---------- in words
    confidence_groups.confidence_group,
    confidence_groups.confidence_subgroup,
    comments.comment
from sized
inner join questions
    on
        sized.round_id = questions.round_id
        and sized.question_no = questions.question_no
inner join confidence_groups
    on
        sized.round_id = confidence_groups.round_id
        and sized.question_no = confidence_groups.question_no
inner join comments
    on
        sized.round_id = comments.round_id
        and sized.question_no = comments.question_no
