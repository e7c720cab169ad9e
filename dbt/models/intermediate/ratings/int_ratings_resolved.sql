with

answers as (

    select * from {{ ref('int_answers') }}

),

estimates as (

    select * from {{ ref('int_estimates') }}

),

-- An estimate fills a blank. It never replaces a rating that a committee reported.
final as (

    select
        answers.return_no,
        answers.question_no,
        answers.reported_rating,
        coalesce(answers.reported_rating, estimates.estimated_rating) as resolved_rating,
        case
            when answers.reported_rating is not null then 'reported'
            when estimates.estimated_rating is not null then 'estimated'
            else 'missing'
        end as rating_status,
        answers.has_comment
    from answers
    left join estimates
        on
            answers.return_no = estimates.return_no
            and answers.question_no = estimates.question_no
            and answers.reported_rating is null

)

select * from final
