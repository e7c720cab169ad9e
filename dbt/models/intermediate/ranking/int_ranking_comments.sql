with

ranking as (

    select * from {{ ref('int_ranking') }}
    where consortium_code = 'all'

),

confidence_groups as (

    select * from {{ ref('int_confidence_groups') }}

),

-- What number of reds would stand at a place if the questions were ordered by red alone.
red_order as (

    select
        round_id,
        red as red_at_place,
        row_number() over (partition by round_id order by red, question_no) as place
    from ranking
    where confidence_rank is not null

),

measured as (

    select
        ranking.*,
        confidence_groups.confidence_group,
        ranking.red_rank - ranking.confidence_rank as red_places_behind,
        ranking.green_rank - ranking.confidence_rank as green_places_behind,
        (ranking.red - red_order.red_at_place) / nullif(ranking.returns, 0) as red_share_above_place
    from ranking
    inner join confidence_groups
        on
            ranking.round_id = confidence_groups.round_id
            and ranking.question_no = confidence_groups.question_no
    left join red_order
        on
            ranking.round_id = red_order.round_id
            and ranking.confidence_rank = red_order.place

),

-- In the low group many reds are what brought a question there; only what speaks against its place
-- is worth a word, and the same holds the other way round for the rest (terms: Appendix B).
worded as (

    select
        round_id,
        question_no,
        blank,
        case
            when
                confidence_group <> 'low'
                and red_places_behind >= {{ var('comment_high_red_places') }}
                and red_share_above_place >= {{ var('comment_very_high_red_share') }}
                and amber_share <= {{ var('comment_very_low_amber_share') }}
                then 'Very high number red responses for this rank; very low amber.'
            when
                confidence_group <> 'low'
                and red_places_behind >= {{ var('comment_high_red_places') }}
                then 'High number red responses for this rank.'
            when
                confidence_group <> 'low'
                and green_places_behind >= {{ var('comment_low_green_places') }}
                and amber_share >= {{ var('comment_very_high_amber_share') }}
                then 'Very low number green responses for this rank; very high amber.'
            when
                confidence_group <> 'low'
                and green_places_behind >= {{ var('comment_low_green_places') }}
                and amber_share >= {{ var('comment_high_amber_share') }}
                then 'Low number green responses for this rank; high level amber.'
            when
                confidence_group <> 'low'
                and green_places_behind >= {{ var('comment_low_green_places') }}
                then 'Low number green responses for this rank.'
            when
                confidence_group = 'low'
                and -red_places_behind >= {{ var('comment_low_red_places') }}
                and amber_share >= {{ var('comment_high_amber_share') }}
                then 'Low number red responses for this rank; high amber.'
            when
                confidence_group = 'low'
                and -red_places_behind >= {{ var('comment_low_red_places') }}
                then 'Low number red responses for this rank.'
        end as colour_comment,
        case
            when blank = 1 then 'One blank response.'
            when blank between 2 and 10
                then
                    split_part('Two Three Four Five Six Seven Eight Nine Ten', ' ', cast(blank - 1 as integer))
                    || ' blank responses.'
            when blank > 10 then blank || ' blank responses.'
        end as blank_comment
    from measured

)

select
    ---------- ids
    round_id,
    question_no,

    ---------- text
    nullif(concat_ws(' ', colour_comment, blank_comment), '') as comment
from worded
