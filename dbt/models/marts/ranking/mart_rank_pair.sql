with

ranking as (

    select * from {{ ref('mart_question_ranking') }}

),

pairs as (

    select * from {{ ref('int_rank_pairs') }}

),

shares as (

    select
        round_id,
        question_no,
        other_question_no,
        pair_resamples,
        round(above / pair_resamples, 6) as above_share,
        round(equal / pair_resamples, 6) as equal_share,
        round(below / pair_resamples, 6) as below_share
    from pairs

),

final as (

    select
        ---------- ids
        ranking.round_id,
        ranking.question_no,
        ranking.question_key,
        ranking.short_reference,
        others.question_no as other_question_no,
        others.question_key as other_question_key,
        others.short_reference as other_short_reference,

        ---------- published ranks
        ranking.confidence_rank,
        others.confidence_rank as other_confidence_rank,

        ---------- order of the two ranks over resampled returns
        cast(coalesce(shares.pair_resamples, 0) as integer) as pair_resamples,
        shares.above_share,
        shares.equal_share,
        shares.below_share,
        coalesce(greatest(shares.above_share, shares.below_share) >= {{ var('clear_order_share') }}, false)
            as has_clear_order
    from ranking
    inner join ranking as others
        on ranking.round_id = others.round_id and ranking.question_no < others.question_no
    left join shares
        on
            ranking.round_id = shares.round_id
            and ranking.question_no = shares.question_no
            and others.question_no = shares.other_question_no

)

select * from final
