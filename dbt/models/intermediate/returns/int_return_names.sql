with

files as (

    select * from {{ ref('stg_return_files') }}

),

rounds as (

    select * from {{ ref('int_round_order') }}

),

final as (

    select
        -- Joins on a whole number are faster than on texts. It is never published. Each round has a range of its own,
        -- so that a new round does not change the numbers of an old one: ten million returns, two hundred rounds.
        cast(
            10000000 * coalesce(rounds.position, 0)
            + row_number() over (partition by rounds.position order by files.round_id, files.source_file)
            as integer
        ) as return_no,
        files.round_id,
        files.source_file,
        {{ name_words('files.committee_typed') }} as cover_words,
        {{ name_key('files.committee_typed') }} as cover_key,
        {{ name_words("regexp_replace(files.source_file, '\\.[^.]*$', '')") }} as file_words
    from files
    left join rounds
        on files.round_id = rounds.round_id
    where files.file_status <> 'ignored'

)

select * from final
