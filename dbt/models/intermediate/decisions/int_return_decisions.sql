with

register as (

    select * from {{ ref('int_register') }}

),

of_contents as (

    select * from {{ ref('int_finding_returns') }}

),

of_duplicates as (

    select * from {{ ref('int_finding_duplicates') }}

),

of_areas as (

    select * from {{ ref('int_finding_counted_twice') }}

),

-- Only the checks of standing returns that may be decided by not counting the return.
findings as (

    select * from of_contents
    union all
    select * from of_duplicates
    union all
    select * from of_areas

),

-- A decision applies to the file that it was made about, never to another one of the same committee.
final as (

    select
        findings.round_id,
        findings.source_file,
        bool_or(register.decision = 'set_aside') as is_set_aside,
        bool_or(register.decision = 'count_once' and findings.check_name = 'duplicate_return')
            as is_duplicate_counted_once,
        bool_or(register.decision = 'count_once' and findings.check_name = 'near_duplicate')
            as is_near_duplicate_counted_once
    from register
    inner join findings
        on register.finding_id = findings.finding_id
    where
        register.fault is null
        and findings.source_file is not null
    group by findings.round_id, findings.source_file

)

select * from final
