with

returns as (

    select * from {{ ref('int_return_names') }}

),

names as (

    select * from {{ ref('int_committee_names') }}

),

committees as (

    select * from {{ ref('int_committee_rounds') }}

),

-- Only unknown names are compared with every name, because that takes the most time.
unknown as (

    select returns.*
    from returns
    left join names
        on returns.round_id = names.round_id and returns.cover_key = names.name_key
    where
        names.name_key is null
        and returns.cover_key <> ''

),

distances as (

    select
        unknown.return_no,
        unknown.round_id,
        unknown.cover_words,
        unknown.cover_key,
        names.committee_id,
        names.name_words,
        names.name_key,
        {{ edit_distance('unknown.cover_key', 'names.name_key') }} as distance
    from unknown
    inner join names
        on unknown.round_id = names.round_id

),

nearest_of_each_committee as (

    select *
    from distances
    qualify row_number() over (partition by return_no, committee_id order by distance, name_words) = 1

),

nearest as (

    select
        *,
        row_number() over (partition by return_no order by distance, committee_id) as place,
        lead(distance) over (partition by return_no order by distance, committee_id) as next_distance,
        -- In messages a name that contains the typed words comes first: by letters it is far from them.
        row_number() over (
            partition by return_no
            order by contains(' ' || name_words || ' ', ' ' || cover_words || ' ') desc, distance asc, committee_id asc
        ) as message_place
    from nearest_of_each_committee

),

-- A typing error, never a guess: few letters differ, the number of words is equal, the point of the compass is the
-- same (North Ayrshire is not South Ayrshire), and every other committee is at least two letters further away.
judged as (

    select
        *,
        place = 1
        and length(cover_key) >= 4
        -- Another digit is another name, and in other scripts one letter can be a word.
        and {{ matches('cover_key', "'^[a-z]+$'") }}
        and {{ matches('name_key', "'^[a-z]+$'") }}
        and distance <= case when length(cover_key) >= 12 then 2 else 1 end
        and next_distance - distance >= 2
        and length(cover_words) - length(replace(cover_words, ' ', ''))
        = length(name_words) - length(replace(name_words, ' ', ''))
        and (
            split_part(cover_words, ' ', 1) not in ('north', 'south', 'east', 'west')
            or split_part(cover_words, ' ', 1) = split_part(name_words, ' ', 1)
        ) as is_close
    from nearest

),

final as (

    select
        judged.return_no,
        max(judged.committee_id) filter (where judged.is_close) as committee_id,
        {{ joined('committees.committee_name', "', '", 'judged.message_place', 'judged.message_place <= 3') }}
            as nearest_names
    from judged
    inner join committees
        on judged.round_id = committees.round_id and judged.committee_id = committees.committee_id
    group by judged.return_no

)

select * from final
