with

returns as (

    select * from {{ ref('int_return_names') }}

),

names as (

    select * from {{ ref('int_committee_names') }}

),

close_matches as (

    select * from {{ ref('int_close_matches') }}

),

lists as (

    select * from {{ ref('int_listed_committees') }}

),

covers as (

    select
        returns.*,
        coalesce(names.committee_id, lists.committee_id, close_matches.committee_id) as named_committee_id,
        case
            when names.committee_id is not null then names.name_kind
            when lists.committee_id is not null then 'local authority'
            when close_matches.committee_id is not null then 'close match'
        end as matched_by,
        close_matches.nearest_names
    from returns
    left join names
        on returns.round_id = names.round_id and returns.cover_key = names.name_key
    left join lists
        on returns.return_no = lists.return_no
    left join close_matches
        on returns.return_no = close_matches.return_no

),

-- Every run of consecutive words in the file name is looked up: to compare each file with each name would take time
-- that grows with the square of the committees.
runs as (

    select
        return_no,
        round_id,
        {{ each_of(word_runs(split_at('file_words', ' '))) }} as run
    from returns

),

hints as (

    select
        runs.return_no,
        names.committee_id,
        length(names.name_words) as letters
    from runs
    inner join names
        on runs.round_id = names.round_id and runs.run = names.name_words

),

-- The longest name wins, because `East Renfrewshire` contains `Renfrewshire`.
longest_hints as (

    select *
    from hints
    qualify rank() over (partition by return_no order by letters desc) = 1

),

single_hints as (

    select
        return_no,
        min(committee_id) as committee_id
    from longest_hints
    group by return_no
    having min(committee_id) = max(committee_id)

),

final as (

    select
        covers.return_no,
        covers.round_id,
        covers.source_file,
        -- The cover decides. The file name is only a hint: it names no committee, but it may contradict the cover.
        case
            when covers.named_committee_id = coalesce(single_hints.committee_id, covers.named_committee_id)
                then covers.named_committee_id
        end as committee_id,
        covers.named_committee_id,
        single_hints.committee_id as hinted_committee_id,
        covers.matched_by,
        coalesce(covers.named_committee_id <> single_hints.committee_id, false) as is_contradictory,
        covers.nearest_names
    from covers
    left join single_hints
        on covers.return_no = single_hints.return_no

)

select * from final
