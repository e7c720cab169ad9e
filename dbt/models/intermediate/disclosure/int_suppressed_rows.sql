with

choice as (

    select * from {{ ref('int_disclosure_choice') }}

),

candidates as (

    select * from {{ ref('int_disclosure_candidates') }}

),

disclosure_rows as (

    select * from {{ ref('int_disclosure_rows') }}

),

chosen as (

    select
        candidates.round_id,
        candidates.question_no,
        candidates.consortium_code,
        choice.shown_rating,
        false as hides_rated
    from choice
    inner join candidates
        on
            choice.round_id = candidates.round_id
            and choice.question_no = candidates.question_no
            and choice.first_place = candidates.first_place
            and choice.last_place = candidates.last_place
    where choice.is_safe
    union all
    -- Where nothing is safe, numbers of ratings would show which committees gave those of the national totals.
    select
        disclosure_rows.round_id,
        disclosure_rows.question_no,
        disclosure_rows.consortium_code,
        'none' as shown_rating,
        true as hides_rated
    from choice
    inner join disclosure_rows
        on
            choice.round_id = disclosure_rows.round_id
            and choice.question_no = disclosure_rows.question_no
    where
        not choice.is_safe
        and not disclosure_rows.is_printed

),

final as (

    select
        chosen.round_id,
        chosen.question_no,
        chosen.consortium_code,
        chosen.shown_rating,
        chosen.hides_rated,
        -- Which row gives ratings away, and which protects it, would narrow down the hidden counts.
        case
            when disclosure_rows.primary_reason = 'small_base' and not chosen.hides_rated then 'small_base'
            else 'single_ratings'
        end as suppressed_because
    from chosen
    inner join disclosure_rows
        on
            chosen.round_id = disclosure_rows.round_id
            and chosen.question_no = disclosure_rows.question_no
            and chosen.consortium_code = disclosure_rows.consortium_code

)

select * from final
