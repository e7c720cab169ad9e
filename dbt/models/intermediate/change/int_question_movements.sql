with

questions as (

    select * from {{ ref('int_question_changes') }}

),

changes as (

    select * from {{ ref('int_rating_changes') }}

),

ranks as (

    select * from {{ ref('int_compared_ranks') }}

),

moves as (

    select
        round_id,
        question_no,
        count(*) filter (where movement in ('up', 'same', 'down')) as matched,
        count(*) filter (where movement = 'up') as moved_up,
        count(*) filter (where movement = 'same') as stayed,
        count(*) filter (where movement = 'down') as moved_down,
        count(*) filter (where movement = 'only_then') as only_then,
        count(*) filter (where movement = 'only_now') as only_now,
        count(*) filter (where movement = 'unclear_before') as unclear_before
    from changes
    group by round_id, question_no

),

-- Anybody can subtract the matched committees from all committees.
outside as (

    select
        everybody.round_id,
        everybody.question_no,
        everybody.green - coalesce(matched.green, 0) as green,
        everybody.amber - coalesce(matched.amber, 0) as amber,
        everybody.red - coalesce(matched.red, 0) as red
    from ranks as everybody
    left join ranks as matched
        on
            everybody.round_id = matched.round_id
            and everybody.question_no = matched.question_no
            and everybody.moment = matched.moment
            and matched.scope = 'matched'
    where
        everybody.scope = 'all'
        and everybody.consortium_code = 'all'

),

-- If the others all have one rating, that is the rating of known committees.
disclosing as (

    select
        round_id,
        question_no,
        bool_or(
            least(green, amber, red) < 0
            or cast(green > 0 as integer) + cast(amber > 0 as integer) + cast(red > 0 as integer) = 1
        ) as is_disclosing
    from outside
    group by round_id, question_no

),

final as (

    select
        questions.round_id,
        questions.question_no,
        coalesce(moves.matched, 0) as matched,
        moves.moved_up,
        moves.stayed,
        moves.moved_down,
        coalesce(moves.only_then, 0) as only_then,
        coalesce(moves.only_now, 0) as only_now,
        coalesce(moves.unclear_before, 0) as unclear_before,
        coalesce(disclosing.is_disclosing, false) or coalesce(moves.matched, 0) < {{ var('small_base_below') }}
            as is_withheld
    from questions
    left join moves
        on questions.round_id = moves.round_id and questions.question_no = moves.question_no
    left join disclosing
        on questions.round_id = disclosing.round_id and questions.question_no = disclosing.question_no
    where questions.is_comparable

)

select * from final
