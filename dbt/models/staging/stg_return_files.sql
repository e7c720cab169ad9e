with

source as (

    select * from {{ source('raw', 'return_file') }}

),

final as (

    select
        ---------- ids
        round_id,
        source_file,

        ---------- what the cover says, as typed
        committee_typed,
        completed_on_typed,
        round_typed,
        completed_by_role_typed,
        agencies_consulted_typed,
        template_version,

        ---------- the file
        file_format,
        file_status,
        size_bytes,
        sha256,
        reader,
        reader_version,
        application,

        ---------- dates
        {{ typed_date('completed_on_typed') }} as received_on,
        try_cast(document_created as timestamp) as document_created_at,
        try_cast(document_modified as timestamp) as document_modified_at
    from source

)

select * from final
