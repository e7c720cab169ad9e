with

changes as (

    select * from {{ ref('mart_consortium_change') }}

),

ranking as (

    select * from {{ ref('mart_consortium_ranking_public') }}

),

paired as (

    select
        changes.*,
        {% for moment in ['then', 'now'] -%}
            {% for rating in ['green', 'amber', 'red'] -%}
                {{ moment }}_ranking.{{ rating }} as published_{{ rating }}_{{ moment }},
            {% endfor -%}
            {{ moment }}_ranking.confidence_rank as published_rank_{{ moment }},
        {% endfor -%}
        coalesce(now_ranking.suppressed_because, then_ranking.suppressed_because) as suppressed_because
    from changes
    inner join ranking as now_ranking
        on
            changes.round_id = now_ranking.round_id
            and changes.question_no = now_ranking.question_no
            and changes.consortium_code = now_ranking.consortium_code
    inner join ranking as then_ranking
        on
            changes.previous_round_id = then_ranking.round_id
            and changes.question_key = then_ranking.question_key
            and changes.consortium_code = then_ranking.consortium_code

),

-- Both rounds are ranked on the questions that have all counts in both.
complete as (

    {% for moment in ['then', 'now'] -%}
        select
            round_id,
            consortium_code,
            question_no,
            '{{ moment }}' as moment,
            published_green_{{ moment }} as green,
            published_red_{{ moment }} as red
        from paired
        where
            suppressed_because is null
            and published_rank_then is not null
            and published_rank_now is not null
        {% if not loop.last -%}
            union all
        {% endif -%}
    {% endfor %}
),

ranked as (

    {{ rank_questions('complete', within=['round_id', 'consortium_code', 'moment']) }}

),

compared as (

    select
        round_id,
        consortium_code,
        question_no,
        cast(max(confidence_rank) filter (where moment = 'then') as integer) as compared_rank_then,
        cast(max(confidence_rank) filter (where moment = 'now') as integer) as compared_rank_now
    from ranked
    group by round_id, consortium_code, question_no

),

final as (

    select
        ---------- ids
        paired.round_id,
        paired.previous_round_id,
        paired.consortium_code,
        paired.consortium_name,
        paired.question_no,
        paired.question_key,
        paired.short_reference,
        paired.public_label,

        ---------- counts
        paired.returns_then, paired.returns_now,
        {% for rating in ['green', 'amber', 'red'] -%}
            paired.published_{{ rating }}_then as {{ rating }}_then,
            paired.published_{{ rating }}_now as {{ rating }}_now,
        {% endfor %}
        ---------- ranks within the consortium
        paired.published_rank_then as rank_then,
        paired.published_rank_now as rank_now,
        compared.compared_rank_then,
        compared.compared_rank_now,
        compared.compared_rank_then - compared.compared_rank_now as places_gained,

        ---------- flags
        paired.is_small_base,
        paired.has_other_members,
        paired.suppressed_because
    from paired
    left join compared
        on
            paired.round_id = compared.round_id
            and paired.consortium_code = compared.consortium_code
            and paired.question_no = compared.question_no

)

select * from final
