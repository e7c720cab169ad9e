{%- set ratings_of_scale = ['green', 'amber', 'red'] -%}
with

ratings as (

    select * from {{ ref('int_ratings') }}

),

final as (

    select
        round_id,
        question_no,
        {% for rating in ratings_of_scale -%}
            count(*) filter (where resolved_rating = '{{ rating }}') as {{ rating }},
            count(*) filter (where resolved_rating = '{{ rating }}' and not is_duplicate) as {{ rating }}_once,
            count(*) filter (where reported_rating = '{{ rating }}') as {{ rating }}_reported,
        {% endfor -%}
        count(*) filter (where reported_rating is null) as blanks
    from ratings
    where is_counted
    group by round_id, question_no

)

select * from final
