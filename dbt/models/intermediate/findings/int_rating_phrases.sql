with

phrases as (

    select * from {{ ref('rating_phrases') }}

),

-- Words that turn a phrase into its opposite: before it ("not yet fully in place"), or after it ("not at present a
-- concern").
opposites as (

    select
        {{ joined('phrase', "'|'", 'phrase', "role = 'before_turns_green'") }} as before_green,
        {{ joined('phrase', "'|'", 'phrase', "role = 'after_turns_red'") }} as after_red
    from phrases

),

speaking as (

    select
        phrase,
        role <> 'says_red' as is_green,
        role <> 'hints_green' as is_plain
    from phrases
    where role in ('says_green', 'hints_green', 'says_red')

),

final as (

    select
        speaking.phrase,
        case when speaking.is_green then 'green' else 'red' end as suggested_rating,
        case when speaking.is_green then 'red' else 'green' end as contradicted_rating,
        speaking.is_plain,
        '\b' || speaking.phrase || '\b' as pattern,
        case
            when speaking.is_green
                then '\b(' || opposites.before_green || ')( [a-z'']+){0,3} ' || speaking.phrase || '\b'
            else '\b' || speaking.phrase || '( [a-z'']+){0,4} (' || opposites.after_red || ')\b'
        end as opposite_pattern
    from speaking
    cross join opposites

)

select * from final
