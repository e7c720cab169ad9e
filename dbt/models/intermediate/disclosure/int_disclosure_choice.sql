with

candidates as (

    select * from {{ ref('int_disclosure_candidates') }}

),

-- The rating whose counts stay: the other two are hidden. Without one all three are hidden.
by_rating as (

    {% for rating in ['green', 'amber', 'red', 'none'] -%}
        select
            *,
            '{{ rating }}' as shown_rating,
            {{ '0' if rating == 'none' else rating }} as shown
        from candidates
        {% if not loop.last -%}
            union all
        {% endif -%}
    {% endfor %}
),

tested as (

    select
        *,
        rated - shown > safe_count
        -- With fewer shown ratings than identical returns, these are all of other committees.
        or (rated - shown = safe_count and shown >= duplicates)
        or (shown = 0 and rated >= 1) as is_row_safe
    from by_rating

),

totals as (

    select
        round_id,
        question_no,
        first_place,
        last_place,
        shown_rating,
        count(*) as hidden_rows,
        sum(rated) as ratings,
        bool_and(is_row_safe) as are_rows_safe,
        bool_and(
            shown_rating in ('none', coalesce(shown_before, shown_rating)) and not hid_rated_before
        ) as keeps_hidden,
        -- Identical returns of all rows can have the rating.
        max(safe_count) + sum(duplicates) - max(duplicates) as safe_count,
        sum(case when shown_rating = 'green' then 0 else green end) as green,
        sum(case when shown_rating = 'amber' then 0 else amber end) as amber,
        sum(case when shown_rating = 'red' then 0 else red end) as red
    from tested
    group by round_id, question_no, first_place, last_place, shown_rating

),

-- At least two rows and two ratings, each of which could belong to every hidden return.
ranked as (

    select
        *,
        hidden_rows * case when shown_rating = 'none' then 3 else 2 end as hidden_counts,
        hidden_rows >= 2
        and keeps_hidden
        and are_rows_safe
        and cast(green >= safe_count as integer)
        + cast(amber >= safe_count as integer)
        + cast(red >= safe_count as integer) >= 2 as is_safe
    from totals

),

ordered as (

    select
        *,
        row_number() over (
            partition by round_id, question_no
            order by
                is_safe desc,
                -- Where nothing is safe, everything is hidden.
                case when is_safe then hidden_counts else -hidden_counts end asc,
                ratings asc,
                first_place asc,
                last_place asc,
                shown_rating asc
        ) as choice
    from ranked

),

final as (

    select
        round_id,
        question_no,
        first_place,
        last_place,
        shown_rating,
        is_safe
    from ordered
    where choice = 1

)

select * from final
