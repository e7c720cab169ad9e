with

returns as (

    select * from {{ ref('int_return_names') }}

),

names as (

    select * from {{ ref('int_committee_names') }}

),

runs_of_covers as (

    select
        return_no,
        round_id,
        cover_words,
        {{ each_of(word_runs(split_at('cover_words', ' '))) }} as run
    from returns
    where cover_words <> ''

),

words_of_covers as (

    select
        runs_of_covers.return_no,
        runs_of_covers.cover_words,
        names.committee_id,
        {{ each_of(split_at('runs_of_covers.run', ' ')) }} as word
    from runs_of_covers
    inner join names
        on runs_of_covers.round_id = names.round_id and runs_of_covers.run = names.name_words

),

listed as (

    select
        return_no,
        cover_words,
        committee_id,
        count(distinct word) as words
    from words_of_covers
    group by return_no, cover_words, committee_id

),

final as (

    select
        return_no,
        min(committee_id) as committee_id
    from listed
    where words = {{ members(split_at('cover_words', ' ')) }}
    group by return_no
    having min(committee_id) = max(committee_id)

)

select * from final
