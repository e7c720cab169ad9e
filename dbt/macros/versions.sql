{#- The rows of `versions` in each round that they apply to: from their `from_round` until the next row of the same
    `key`. An empty `from_round` means the first round. A `from_round` that is not a round applies to none: it is a
    finding of its own (see int_finding_committees). `rounds` are the rows of int_round_order. -#}
{% macro in_each_round(versions, rounds, key) -%}
    select
        each_round.round_id,
        each_round.position,
        starts.*
    from (
        select
            versions.*,
            case when versions.from_round is null then 0 else first_round.position end as from_position
        from {{ versions }} as versions
        left join {{ rounds }} as first_round
            on versions.from_round = first_round.round_id
    ) as starts
    inner join {{ rounds }} as each_round
        on starts.from_position <= each_round.position
    qualify rank() over (
        partition by each_round.round_id, starts.{{ key }} order by starts.from_position desc
    ) = 1
{%- endmacro %}
