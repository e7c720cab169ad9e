select
    readings.round_id,
    readings.source_file,
    readings.question_no
from {{ ref('int_rating_readings') }} as readings
left join {{ ref('stg_problems') }} as problems
    on
        readings.round_id = problems.round_id
        and readings.source_file = problems.source_file
        and readings.sheet = problems.sheet
        and readings.cell = problems.cell
        and problems.problem_code = 'not_a_rating'
where
    -- The text is read only where both sides disagree.
    case
        when (readings.reported_rating is null) <> (problems.cell is not null)
            then {{ normalised('readings.rating_typed') }} <> ''
    end
