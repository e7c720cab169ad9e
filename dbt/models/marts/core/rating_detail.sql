with

ratings as (

    select * from {{ ref('fct_rating') }}

),

returns as (

    select * from {{ ref('fct_return') }}

),

rounds as (

    select * from {{ ref('dim_round') }}

),

committees as (

    select * from {{ ref('dim_committee_round') }}

),

consortia as (

    select * from {{ ref('dim_consortium') }}

),

questions as (

    select * from {{ ref('dim_question') }}

),

final as (

    select
        ---------- round, committee and question
        ratings.round_id,
        rounds.title as round_title,
        ratings.committee_id,
        committees.committee_name,
        committees.consortium_code,
        consortia.consortium_name,
        ratings.question_no,
        questions.question_key,
        questions.short_reference,
        questions.section_no,
        questions.section_title,

        ---------- the rating
        ratings.resolved_rating as rating,
        case ratings.resolved_rating when 'green' then 2 when 'amber' then 1 when 'red' then 0 end as score,
        ratings.rating_status,
        returns.received_on,
        ratings.is_counted
    from ratings
    inner join rounds
        on ratings.round_id = rounds.round_id
    inner join committees
        on ratings.round_id = committees.round_id and ratings.committee_id = committees.committee_id
    inner join consortia
        on committees.consortium_code = consortia.consortium_code
    inner join questions
        on ratings.round_id = questions.round_id and ratings.question_no = questions.question_no
    left join returns
        on ratings.round_id = returns.round_id and ratings.committee_id = returns.committee_id

)

select * from final
