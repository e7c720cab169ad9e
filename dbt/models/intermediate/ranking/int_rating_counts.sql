with

ratings as (

    select * from {{ ref('int_ratings_resolved') }}

),

returns as (

    select * from {{ ref('int_counted_returns') }}

),

committees as (

    select * from {{ ref('int_committee_rounds') }}

),

questions as (

    select * from {{ ref('int_round_questions') }}

),

consortia as (

    select * from {{ ref('consortia') }}

),

counted_returns as (

    select
        returns.return_no,
        returns.round_id,
        committees.consortium_code
    from returns
    inner join committees
        on returns.round_id = committees.round_id and returns.committee_id = committees.committee_id
    where returns.is_counted

),

by_consortium as (

    select
        counted_returns.round_id,
        ratings.question_no,
        counted_returns.consortium_code,
        count(*) as returns,
        count(ratings.resolved_rating) as rated,
        {{ rating_counts('ratings.resolved_rating') }},
        count(*) filter (where ratings.reported_rating is null) as blank
    from ratings
    inner join counted_returns
        on ratings.return_no = counted_returns.return_no
    group by all

),

by_area as (

    select * from by_consortium
    union all
    select
        round_id,
        question_no,
        'all' as consortium_code,
        {% for count in ['returns', 'rated', 'green', 'amber', 'red'] -%}
            sum({{ count }}) as {{ count }},
        {% endfor -%}
        sum(blank) as blank
    from by_consortium
    group by round_id, question_no

),

areas as (

    select consortium_code from consortia
    union all
    select 'all' as consortium_code

),

-- A question that nobody in an area answered is a row of zeros, not an absent row.
final as (

    select
        questions.round_id,
        areas.consortium_code,
        questions.question_no,
        {% for count in ['returns', 'rated', 'green', 'amber', 'red'] -%}
            cast(coalesce(by_area.{{ count }}, 0) as integer) as {{ count }},
        {% endfor -%}
        cast(coalesce(by_area.blank, 0) as integer) as blank
    from questions
    cross join areas
    left join by_area
        on
            questions.round_id = by_area.round_id
            and questions.question_no = by_area.question_no
            and areas.consortium_code = by_area.consortium_code

)

select * from final
