{#- The ranking rule: rank the questions by the number of green (most first) and by the number of red (fewest first),
    add the two ranks, and rank the sums. Ties share the lowest number. Both many green and few red count (section 5.1
    of the report); the report does not state its rule (see docs/rules.md).

    `counts` is a relation with `green` and `red`, of questions that have a rating. Questions are ranked among the rows
    with the same values in the columns `within`. -#}
{% macro rank_questions(counts, within) -%}
    {%- set within = within | join(', ') -%}
    select
        *,
        rank() over (partition by {{ within }} order by rank_sum asc) as confidence_rank
    from (
        select
            *,
            green_rank + red_rank as rank_sum
        from (
            select
                *,
                rank() over (partition by {{ within }} order by green desc) as green_rank,
                rank() over (partition by {{ within }} order by red asc) as red_rank
            from {{ counts }}
        ) as ranked_by_colour
    ) as summed
{%- endmacro %}

{#- A rank as the report labels it (Appendix B): a tie by its lowest number, but a tie for last by the number of
    questions. -#}
{% macro report_label(rank, questions_at_rank, questions_ranked) -%}
    cast(
        case
            when {{ rank }} + {{ questions_at_rank }} - 1 = {{ questions_ranked }} then {{ questions_ranked }}
            else {{ rank }}
        end as string
    )
{%- endmacro %}
