with

ratings as (

    select * from {{ ref('int_ratings') }}

),

left_out as (

    select * from {{ ref('int_left_out_returns') }}

),

counts as (

    select * from {{ ref('int_treatment_counts') }}

),

final as (

    select
        ratings.round_id,
        ratings.committee_id,
        ratings.question_no,
        counts.green - cast(coalesce(ratings.resolved_rating = 'green', false) as integer) as green,
        counts.amber - cast(coalesce(ratings.resolved_rating = 'amber', false) as integer) as amber,
        counts.red - cast(coalesce(ratings.resolved_rating = 'red', false) as integer) as red
    from ratings
    inner join left_out
        on ratings.return_no = left_out.return_no
    inner join counts
        on ratings.round_id = counts.round_id and ratings.question_no = counts.question_no

)

select * from final
