with

disclosure_rows as (

    select * from {{ ref('int_disclosure_rows') }}

),

-- Counts suppressed in the published release stay so, or the difference of the two releases would give them away.
explained as (

    select
        *,
        rated > 0 and not is_printed as can_be_hidden,
        rated > 0 and not is_printed and not has_spread_group as can_protect,
        rated > 0 and not is_printed and coalesce(primary_reason, shown_before) is not null as has_reason
    from disclosure_rows

),

-- Rows with identical returns are hidden together.
marked as (

    select
        *,
        has_reason or (
            can_be_hidden
            and has_spread_group
            and bool_or(has_reason) over (partition by round_id, question_no, has_spread_group)
        ) as is_hidden
    from explained

),

-- Rows that may be hidden together with those that are, those with the fewest ratings first.
placed as (

    select
        *,
        case
            when can_protect and not is_hidden
                then
                    row_number() over (
                        partition by round_id, question_no, can_protect and not is_hidden
                        order by rated asc, consortium_code asc
                    )
        end as place,
        bool_or(is_hidden) over (partition by round_id, question_no) as has_hidden
    from marked

),

concerned as (

    select * from placed
    where has_hidden

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
        concerned.duplicates,
        concerned.safe_count,
        concerned.shown_before,
        concerned.hid_rated_before
    from choices
    inner join concerned
        on
            choices.round_id = concerned.round_id
            and choices.question_no = concerned.question_no
    where
        concerned.is_hidden
        or concerned.place between choices.first_place and choices.last_place

)

select * from final
