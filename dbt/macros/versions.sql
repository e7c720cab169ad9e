{#- Every row of a versioned seed in every round that it holds for: from its `from_round` until the next row of the
    same `key`. Rounds follow each other by the start of their fieldwork; an empty `from_round` is from the first on.
    A `from_round` that is no round holds for none, and is a finding. -#}
{% macro in_each_round(seed, key) -%}
    select
        rounds.round_id,
        rounds.position,
        starts.*
    from (
        select
            seeded.*,
            case when seeded.from_round is null then 0 else first_round.position end as from_position
        from {{ ref(seed) }} as seeded
        left join {{ ref('int_round_order') }} as first_round
            on seeded.from_round = first_round.round_id
    ) as starts
    inner join {{ ref('int_round_order') }} as rounds
        on starts.from_position <= rounds.position
    qualify rank() over (
        partition by rounds.round_id, starts.{{ key }} order by starts.from_position desc
    ) = 1
{%- endmacro %}
