with

returns as (

    select * from {{ ref('int_returns') }}

)

-- Of two different submissions with one date nobody but the committee can say which stands.
select
    'conflicting_returns' as check_name,
    standing.round_id,
    standing.committee_id || ': ' || other.source_file as subject,
    standing.committee_id,
    cast(null as integer) as question_no,
    other.source_file,
    concat_ws(chr(31), standing.sha256, other.sha256) as content,
    standing.source_file || ' was taken; ' || other.source_file || ' has the same date.' as detail
from returns as standing
inner join returns as other
    on
        standing.round_id = other.round_id
        and standing.committee_id = other.committee_id
        and standing.received_on is not distinct from other.received_on
        and standing.sha256 <> other.sha256
where
    standing.is_standing
    and not other.is_standing
    and other.file_status = 'read'
