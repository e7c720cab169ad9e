{#- The grain of a model: no two rows share these columns. Of a large model one of them may be named as `number`, a whole
    number from 0 on: within each group of the others it becomes a bit, and ten million rows take no more than a row
    a group. -#}
{% test unique_combination(model, columns, number=none) %}
    {%- set others = columns | reject('equalto', number) | join(', ') %}
    select {{ others }}
    from {{ model }}
    group by {{ others }}{% if number %}, floor({{ number }} / 60){% endif %}
    having count(*) > {{ 'bit_count(bit_or(cast(1 as bigint) << (' ~ number ~ ' % 60)))' if number else 1 }}
{% endtest %}
