with

returns as (

    select * from {{ ref('int_returns') }}

),

problems as (

    select * from {{ ref('stg_problems') }}

),

codes as (

    select * from {{ ref('problem_codes') }}

),

-- Typed text is not repeated outside the build.
rejections as (

    select distinct
        problems.round_id,
        problems.source_file,
        case when codes.shows_typed_text then codes.explanation else problems.message end
        || ' '
        || codes.remedy as reason
    from problems
    inner join codes
        on problems.problem_code = codes.code
    where problems.problem_severity = 'reject_return'

),

reasons as (

    select
        round_id,
        source_file,
        {{ joined('reason', "' '", 'reason') }} as reasons
    from rejections
    group by round_id, source_file

),

described as (

    select
        returns.round_id,
        returns.committee_id,
        returns.source_file,
        returns.source_file as subject,
        returns.sha256 as content,
        'The file could not be read as a return: ' || coalesce(reasons.reasons, 'no reason was recorded.') as detail
    from returns
    left join reasons
        on returns.round_id = reasons.round_id and returns.source_file = reasons.source_file
    where returns.file_status = 'rejected'

),

final as (

    select {{ finding_columns('rejected_file', about=['committee_id', 'source_file']) }}
    from described

)

select * from final
