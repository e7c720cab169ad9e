with

files as (

    select * from {{ ref('stg_return_files') }}

),

names as (

    select committee_id, {{ name_key('committee_name') }} as name_key from {{ ref('committees') }}
    union
    select committee_id, {{ name_key('alias') }} as name_key from {{ ref('committee_aliases') }}

),

identified as (

    select
        files.*,
        names.committee_id
    from files
    left join names
        on {{ name_key('files.committee_typed') }} = names.name_key
    where files.file_status <> 'ignored'

),

ordered as (

    select
        *,
        -- The latest submission stands; of two with the same date the order of file names decides,
        -- and the pair is a finding for a person.
        row_number() over (
            partition by round_id, committee_id
            order by (file_status = 'read') desc, received_on desc nulls last, source_file asc
        ) as submission_rank
    from identified

)

select
    ---------- ids
    round_id,
    source_file,
    committee_id,

    ---------- the file
    committee_typed,
    file_status,
    sha256,

    ---------- dates
    received_on,

    ---------- standing
    file_status = 'read' and committee_id is not null and submission_rank = 1 as is_standing
from ordered
