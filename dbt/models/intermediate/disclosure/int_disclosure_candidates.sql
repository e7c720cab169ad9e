with

disclosure_rows as (

    select * from {{ ref('int_disclosure_rows') }}

),

-- Rows that may be hidden together with the primary ones, those with the fewest ratings first.
placed as (

    select
        *,
        case
            when primary_reason is null and rated > 0 and not is_printed
                then
                    row_number() over (
                        partition by round_id, question_no
                        order by
                            case when primary_reason is null and rated > 0 and not is_printed then 0 else 1 end asc,
                            rated asc,
                            consortium_code asc
                    )
        end as place,
        count(primary_reason) over (partition by round_id, question_no) as primary_rows
    from disclosure_rows

),

concerned as (

    select * from placed
    where primary_rows > 0

),

-- One more row, or the first rows.
choices as (

    select
        round_id,
        question_no,
        0 as first_place,
        0 as last_place
    from concerned
    group by round_id, question_no
    union
    select
        round_id,
        question_no,
        place as first_place,
        place as last_place
    from concerned
    where place is not null
    union
    select
        round_id,
        question_no,
        1 as first_place,
        place as last_place
    from concerned
    where place is not null

),

final as (

    select
        choices.round_id,
        choices.question_no,
        choices.first_place,
        choices.last_place,
        concerned.consortium_code,
        concerned.rated,
        concerned.green,
        concerned.amber,
        concerned.red,
        concerned.safe_count
    from choices
    inner join concerned
        on
            choices.round_id = concerned.round_id
            and choices.question_no = concerned.question_no
    where
        concerned.primary_reason is not null
        or concerned.place between choices.first_place and choices.last_place

)

select * from final
