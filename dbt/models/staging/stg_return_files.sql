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
    {{ typed_date('completed_on_typed') }} as received_on
from source
