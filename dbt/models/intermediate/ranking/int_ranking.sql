with

counts as (

    select * from {{ ref('int_rating_counts') }}

),

rated as (

    select * from counts
    where rated > 0

),

ranked as (

    {{ rank_questions('rated', within=['round_id', 'consortium_code']) }}

),

tied as (

    select
        *,
        count(*) over (partition by round_id, consortium_code, confidence_rank) as questions_at_rank,
        count(*) over (partition by round_id, consortium_code) as questions_ranked
    from ranked

),

-- A question without any rating has no rank.
final as (

    select
        counts.*,
        round(counts.green / nullif(counts.returns, 0), 6) as green_share,
        round(counts.amber / nullif(counts.returns, 0), 6) as amber_share,
        round(counts.red / nullif(counts.returns, 0), 6) as red_share,
        -- Questions about one piece of work draw green or red, broad ones amber (section 5.1). Four times the product
        -- of the shares of green and red is 1 when half are green and half red, and 0 when either colour is missing.
        round(4 * (counts.green / nullif(counts.returns, 0)) * (counts.red / nullif(counts.returns, 0)), 6)
            as polarisation,
        tied.green_rank,
        tied.red_rank,
        tied.rank_sum,
        tied.confidence_rank,
        tied.questions_at_rank,
        coalesce(tied.questions_at_rank > 1, false) as is_joint,
        counts.rated < {{ var('few_ratings_below_share') }} * counts.returns as has_few_ratings,
        {{ report_label('tied.confidence_rank', 'tied.questions_at_rank', 'tied.questions_ranked') }} as report_label
    from counts
    left join tied
        on
            counts.round_id = tied.round_id
            and counts.consortium_code = tied.consortium_code
            and counts.question_no = tied.question_no

)

select * from final
