with

source as (

    select * from {{ source('raw', 'return_file') }}

)

select
    ---------- ids
    round_id,
    source_file,

    ---------- what the cover says, as typed
    committee_typed,
    round_typed,
    template_version,

    ---------- the file
    file_format,
    file_status,
    size_bytes,
    sha256,
    reader,

    ---------- dates
    try_cast(completed_on_typed as date) as received_on
from source
