with

problems as (

    select * from {{ ref('stg_problems') }}

),

codes as (

    select * from {{ ref('problem_codes') }}

),

returns as (

    select * from {{ ref('int_returns') }}
    where file_status = 'read'

),

matches as (

    select * from {{ ref('int_committee_matches') }}

),

committees as (

    select * from {{ ref('int_committee_rounds') }}

),

readings as (

    select * from {{ ref('int_rating_readings') }}

),

covers as (

    select
        returns.round_id,
        returns.source_file,
        case
            when matches.is_contradictory then 'contradictory_committee'
            when matches.committee_id is null then 'unknown_committee'
            when matches.matched_by = 'close match' then 'close_committee'
            when matches.matched_by = 'local authority' then 'local_authority_named'
        end as problem_code,
        case
            when matches.is_contradictory
                then {{ contradictory_committee('named.committee_name', 'hinted.committee_name') }}
            when matches.committee_id is null
                then {{ unknown_committee(quoted('returns.committee_typed'), 'matches.nearest_names') }}
            else {{ quoted('returns.committee_typed') }} || ' was read as ' || named.committee_name || '.'
        end as message
    from returns
    inner join matches
        on
            returns.round_id = matches.round_id
            and returns.source_file = matches.source_file
    left join committees as named
        on
            matches.round_id = named.round_id
            and matches.named_committee_id = named.committee_id
    left join committees as hinted
        on
            matches.round_id = hinted.round_id
            and matches.hinted_committee_id = hinted.committee_id

),

dates as (

    select
        round_id,
        source_file,
        case when {{ normalised('completed_on_typed') }} = '' then 'no_date' else 'unreadable_date' end
            as problem_code,
        case
            when {{ normalised('completed_on_typed') }} = '' then 'The cover bears no date.'
            else {{ quoted('completed_on_typed') }} || ' could not be read as a date.'
        end as message
    from returns
    where received_on is null

),

blanks as (

    select
        readings.round_id,
        readings.source_file,
        readings.sheet,
        readings.cell,
        'Question ' || readings.question_no || ' has no rating.' as message
    from readings
    inner join returns
        on
            readings.round_id = returns.round_id
            and readings.source_file = returns.source_file
    left join problems
        on
            readings.round_id = problems.round_id
            and readings.source_file = problems.source_file
            and readings.sheet = problems.sheet
            and readings.cell = problems.cell
    where
        readings.reported_rating is null
        and problems.cell is null

),

-- What only the meaning of the text reveals.
derived as (

    select
        round_id,
        source_file,
        '' as sheet,
        '' as cell,
        problem_code,
        message
    from covers
    where problem_code is not null
    union all
    select
        round_id,
        source_file,
        '' as sheet,
        '' as cell,
        problem_code,
        message
    from dates
    union all
    select
        round_id,
        source_file,
        sheet,
        cell,
        'no_rating' as problem_code,
        message
    from blanks

)

select
    round_id,
    source_file,
    sheet,
    cell,
    problem_code,
    problem_severity,
    message,
    remedy
from problems
union all
select
    derived.round_id,
    derived.source_file,
    derived.sheet,
    derived.cell,
    derived.problem_code,
    codes.severity as problem_severity,
    derived.message,
    codes.remedy
from derived
inner join codes
    on derived.problem_code = codes.code
