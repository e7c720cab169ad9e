with

returns as (

    select * from {{ ref('int_returns') }}

)

select
    'superseded_return' as check_name,
    standing.round_id,
    standing.committee_id || ': ' || earlier.source_file as subject,
    standing.committee_id,
    cast(null as integer) as question_no,
    earlier.source_file,
    concat_ws(chr(31), standing.sha256, earlier.sha256) as content,
    'A later submission, ' || standing.source_file || ', stands in its place.' as detail
from returns as standing
inner join returns as earlier
    on
        standing.round_id = earlier.round_id
        and standing.committee_id = earlier.committee_id
        and standing.received_on is not null
        and coalesce(standing.received_on > earlier.received_on, true)
where
    standing.is_standing
    and not earlier.is_standing
    and earlier.file_status = 'read'
