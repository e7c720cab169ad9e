with

returns as (

    select * from {{ ref('int_returns') }}

),

named_first as (

    select
        *,
        first_value(source_file) over (partition by round_id, sha256 order by source_file) as first_file
    from returns

),

other_submissions as (

    select
        standing.round_id,
        standing.committee_id,
        standing.source_file as standing_file,
        standing.received_on as standing_received_on,
        standing.sha256 as standing_sha256,
        other.source_file,
        other.received_on,
        other.sha256
    from returns as standing
    inner join returns as other
        on standing.round_id = other.round_id and standing.committee_id = other.committee_id
    where
        standing.is_standing
        and not other.is_standing
        and other.file_status = 'read'

),

described as (

    select
        'same_file' as check_name,
        round_id,
        committee_id,
        source_file,
        source_file || ' = ' || first_file as subject,
        sha256 as content,
        'The file is the same, byte for byte, as ' || first_file || '.' as detail
    from named_first
    where source_file <> first_file
    union all
    select
        'superseded_return' as check_name,
        round_id,
        committee_id,
        source_file,
        committee_id || ': ' || source_file as subject,
        concat_ws(chr(31), standing_sha256, sha256) as content,
        'A later submission, ' || standing_file || ', replaces it.' as detail
    from other_submissions
    where
        standing_received_on is not null
        and coalesce(standing_received_on > received_on, true)
    union all
    -- Only the committee can say which of two different submissions with one date it means.
    select
        'conflicting_returns' as check_name,
        round_id,
        committee_id,
        source_file,
        committee_id || ': ' || source_file as subject,
        concat_ws(chr(31), standing_sha256, sha256) as content,
        standing_file || ' was taken; ' || source_file || ' has the same date.' as detail
    from other_submissions
    where
        standing_received_on is not distinct from received_on
        and standing_sha256 <> sha256

),

final as (

    select {{ finding_columns(about=['committee_id', 'source_file']) }}
    from described

)

select * from final
