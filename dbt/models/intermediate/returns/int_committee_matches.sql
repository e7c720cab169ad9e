with

files as (

    select
        -- Answers go by this number, which is compared faster than texts. It is never published.
        cast(
            {{ first_return_no('coalesce(rounds.position, 0)') }}
            + row_number() over (partition by rounds.position order by files.round_id, files.source_file)
            as integer
        ) as return_no,
        files.round_id,
        files.source_file,
        {{ name_words('files.committee_typed') }} as typed_words,
        {{ name_key('files.committee_typed') }} as typed_key,
        {{ name_words("regexp_replace(files.source_file, '\\.[^.]*$', '')") }} as file_words
    from {{ ref('stg_return_files') }} as files
    left join {{ ref('int_round_order') }} as rounds
        on files.round_id = rounds.round_id
    where files.file_status <> 'ignored'

),

names as (

    select * from {{ ref('int_committee_names') }}

),

committees as (

    select * from {{ ref('int_committee_rounds') }}

),

exact as (

    select
        files.return_no,
        names.committee_id,
        names.name_kind
    from files
    inner join names
        on
            files.round_id = names.round_id
            and files.typed_key = names.name_key

),

-- Only these are compared with every name there is.
unmatched as (

    select files.*
    from files
    left join exact
        on files.return_no = exact.return_no
    where
        exact.return_no is null
        and files.typed_key <> ''

),

distances as (

    select
        unmatched.return_no,
        unmatched.round_id,
        unmatched.typed_words,
        unmatched.typed_key,
        names.committee_id,
        names.name_words,
        {{ edit_distance('unmatched.typed_key', 'names.name_key') }} as distance
    from unmatched
    inner join names
        on unmatched.round_id = names.round_id

),

-- The nearest name of each committee.
nearest as (

    select
        *,
        row_number() over (partition by return_no order by distance, committee_id) as place,
        -- Half of a name is far from it by letters, and still what its reader means.
        row_number() over (
            partition by return_no
            order by contains(' ' || name_words || ' ', ' ' || typed_words || ' ') desc, distance asc, committee_id asc
        ) as told_place,
        lead(distance) over (partition by return_no order by distance, committee_id) as next_distance
    from distances
    qualify row_number() over (partition by return_no, committee_id order by distance, name_words) = 1

),

-- A slip of the pen, never a guess: few letters differ, the number of words is the same, a point of the
-- compass is not exchanged (North Ayrshire is not South Ayrshire, Renfrewshire not East Renfrewshire),
-- and every other committee is at least two letters further away.
close as (

    select
        return_no,
        committee_id
    from nearest
    where
        place = 1
        and length(typed_key) >= 4
        and distance <= case when length(typed_key) >= 12 then 2 else 1 end
        and next_distance - distance >= 2
        and length(typed_words) - length(replace(typed_words, ' ', ''))
        = length(name_words) - length(replace(name_words, ' ', ''))
        and (
            split_part(typed_words, ' ', 1) not in ('north', 'south', 'east', 'west')
            or split_part(typed_words, ' ', 1) = split_part(name_words, ' ', 1)
        )

),

nearest_names as (

    select
        nearest.return_no,
        {{ joined('committees.committee_name', "', '", 'nearest.told_place') }} as nearest_names
    from nearest
    inner join committees
        on
            nearest.round_id = committees.round_id
            and nearest.committee_id = committees.committee_id
    where nearest.told_place <= 3
    group by all

),

-- Every run of whole words in the file's name: looked up among the names, where comparing each file with each name
-- would cost the square of the committees.
runs as (

    select
        return_no,
        round_id,
        {{ each_of(word_runs(split_at('file_words', ' '))) }} as run
    from files

),

-- Names in the file's name.
hints as (

    select
        runs.return_no,
        names.committee_id,
        length(names.name_words) as letters
    from runs
    inner join names
        on
            runs.round_id = names.round_id
            and runs.run = names.name_words

),

-- The longest wins, so that `East Renfrewshire` is not `Renfrewshire`.
longest as (

    select
        return_no,
        max(letters) as letters
    from hints
    group by return_no

),

single_hints as (

    select
        hints.return_no,
        min(hints.committee_id) as committee_id
    from hints
    inner join longest
        on
            hints.return_no = longest.return_no
            and hints.letters = longest.letters
    group by hints.return_no
    having min(hints.committee_id) = max(hints.committee_id)

),

combined as (

    select
        files.return_no,
        files.round_id,
        files.source_file,
        coalesce(exact.committee_id, close.committee_id) as named_committee_id,
        single_hints.committee_id as hinted_committee_id,
        case when close.committee_id is not null then 'close match' else exact.name_kind end as matched_by,
        nearest_names.nearest_names
    from files
    left join exact
        on files.return_no = exact.return_no
    left join close
        on files.return_no = close.return_no
    left join nearest_names
        on files.return_no = nearest_names.return_no
    left join single_hints
        on files.return_no = single_hints.return_no

)

select
    ---------- ids
    return_no,
    round_id,
    source_file,
    -- The cover says whose return it is. The file's name is a hint: it never names a committee, and it
    -- makes doubtful what contradicts it.
    case
        when named_committee_id = coalesce(hinted_committee_id, named_committee_id) then named_committee_id
    end as committee_id,
    named_committee_id,
    hinted_committee_id,

    ---------- how
    matched_by,
    coalesce(named_committee_id <> hinted_committee_id, false) as is_contradictory,
    nearest_names
from combined
