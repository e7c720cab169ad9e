with

ranking as (

    select * from {{ ref('int_ranking') }}

),

confidence_groups as (

    select * from {{ ref('int_confidence_groups') }}

),

national as (

    select * from ranking
    where consortium_code = 'all'

),

-- The number of red at each place if the questions were ordered by red alone.
red_order as (

    select
        round_id,
        red as red_at_place,
        row_number() over (partition by round_id order by red, question_no) as place
    from national
    where confidence_rank is not null

),

measured as (

    select
        national.round_id,
        national.question_no,
        national.blank,
        national.amber_share,
        confidence_groups.confidence_group = 'low' as is_low,
        national.red_rank - national.confidence_rank as red_places_behind,
        national.green_rank - national.confidence_rank as green_places_behind,
        (national.red - red_order.red_at_place) / nullif(national.returns, 0) as red_share_above_place
    from national
    inner join confidence_groups
        on
            national.round_id = confidence_groups.round_id
            and national.question_no = confidence_groups.question_no
    left join red_order
        on national.round_id = red_order.round_id and national.confidence_rank = red_order.place

),

-- In the low group many reds are expected, in the other groups many greens: only what contradicts the place of a
-- question is mentioned.
judged as (

    select
        *,
        not is_low and red_places_behind >= {{ var('comment_high_red_places') }} as has_many_reds,
        not is_low and green_places_behind >= {{ var('comment_low_green_places') }} as has_few_greens,
        is_low and -red_places_behind >= {{ var('comment_low_red_places') }} as has_few_reds,
        amber_share >= {{ var('comment_high_amber_share') }} as has_much_amber
    from measured

),

-- The wording is that of Appendix B.
worded as (

    select
        round_id,
        question_no,
        case
            when
                has_many_reds
                and red_share_above_place >= {{ var('comment_very_high_red_share') }}
                and amber_share <= {{ var('comment_very_low_amber_share') }}
                then 'Very high number red responses for this rank; very low amber.'
            when has_many_reds then 'High number red responses for this rank.'
            when has_few_greens and amber_share >= {{ var('comment_very_high_amber_share') }}
                then 'Very low number green responses for this rank; very high amber.'
            when has_few_greens and has_much_amber
                then 'Low number green responses for this rank; high level amber.'
            when has_few_greens then 'Low number green responses for this rank.'
            when has_few_reds and has_much_amber then 'Low number red responses for this rank; high amber.'
            when has_few_reds then 'Low number red responses for this rank.'
        end as colour_comment,
        case
            when blank = 1 then 'One blank response.'
            when blank between 2 and 10
                then
                    split_part('Two Three Four Five Six Seven Eight Nine Ten', ' ', cast(blank - 1 as integer))
                    || ' blank responses.'
            when blank > 10 then blank || ' blank responses.'
        end as blank_comment
    from judged

),

final as (

    select
        round_id,
        question_no,
        nullif(concat_ws(' ', colour_comment, blank_comment), '') as comment
    from worded

)

select * from final
