{#- The numbers of green, amber and red ratings in a column. -#}
{% macro rating_counts(column) -%}
    count(*) filter (where {{ column }} = 'green') as green,
    count(*) filter (where {{ column }} = 'amber') as amber,
    count(*) filter (where {{ column }} = 'red') as red
{%- endmacro %}

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

{#- The confidence group of each rank sum: high, medium and low are split at the two widest gaps between neighbouring
    sums; of equally wide gaps the one of higher confidence (lower sums) is taken. One gap splits high from low, and
    without a gap everything is medium.

    `ranked` is a relation with `rank_sum`; the result has a row per value of it and of the columns `within`. -#}
{% macro group_rank_sums(ranked, within) -%}
    {%- set within = within | join(', ') -%}
    select
        {{ within }},
        rank_sum,
        case
            when cuts = 0 then 'medium'
            when cuts_above = 0 then 'high'
            when cuts_above = cuts then 'low'
            else 'medium'
        end as confidence_group
    from (
        select
            {{ within }},
            rank_sum,
            count(*) filter (where is_cut) over (partition by {{ within }} order by rank_sum) as cuts_above,
            count(*) filter (where is_cut) over (partition by {{ within }}) as cuts
        from (
            select
                {{ within }},
                rank_sum,
                gap is not null
                and row_number() over (partition by {{ within }} order by gap desc nulls last, rank_sum asc) <= 2
                    as is_cut
            from (
                select
                    {{ within }},
                    rank_sum,
                    rank_sum - lag(rank_sum) over (partition by {{ within }} order by rank_sum) as gap
                from {{ ranked }}
                group by {{ within }}, rank_sum
            ) as gaps
        ) as widest_gaps
    ) as counted_gaps
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

{#- A reproducible draw: an integer from 0 to below `bound`, from a hash of `parts`. The same on every engine. -#}
{% macro draw_below(bound, parts) -%}
    cast(
        {{ hexadecimal("left(md5(concat_ws('/', " ~ parts | join(', ') ~ ")), 12)") }} % {{ bound }} as bigint
    )
{%- endmacro %}
