with

ranking as (

    select * from {{ ref('mart_consortium_ranking') }}

),

suppressed as (

    select * from {{ ref('int_suppressed_rows') }}

),

marked as (

    select
        ranking.*,
        suppressed.shown_rating,
        coalesce(suppressed.hides_rated, false) as hides_rated,
        suppressed.suppressed_because
    from ranking
    left join suppressed
        on
            ranking.round_id = suppressed.round_id
            and ranking.question_no = suppressed.question_no
            and ranking.consortium_code = suppressed.consortium_code

),

-- Ranks among all questions would give hidden counts away: they are computed from published counts alone.
complete as (

    select
        round_id,
        consortium_code,
        question_no,
        green,
        red
    from marked
    where
        suppressed_because is null
        and rated > 0

),

ranked as (

    {{ rank_questions('complete', within=['round_id', 'consortium_code']) }}

),

tied as (

    select
        *,
        count(*) over (partition by round_id, consortium_code, confidence_rank) > 1 as is_joint
    from ranked

),

final as (

    select
        ---------- ids
        marked.round_id,
        marked.consortium_code,
        marked.consortium_name,
        marked.question_no,
        marked.question_key,
        marked.short_reference,
        marked.public_label,

        ---------- counts of returns
        marked.returns,
        case when not marked.hides_rated then marked.rated end as rated,
        {% for rating in ['green', 'amber', 'red'] -%}
            case when {{ is_shown(rating) }} then marked.{{ rating }} end as {{ rating }},
        {% endfor -%}
        case when not marked.hides_rated then marked.blank end as blank,

        ---------- shares of returns
        {% for rating in ['green', 'amber', 'red'] -%}
            case when {{ is_shown(rating) }} then marked.{{ rating }}_share end as {{ rating }}_share,
        {% endfor -%}
        case when marked.suppressed_because is null then marked.polarisation end as polarisation,

        ---------- ranks within the consortium, among questions with all counts
        cast(tied.green_rank as integer) as green_rank,
        cast(tied.red_rank as integer) as red_rank,
        cast(tied.rank_sum as integer) as rank_sum,
        cast(tied.confidence_rank as integer) as confidence_rank,
        coalesce(tied.is_joint, false) as is_joint,
        case when not marked.hides_rated then marked.has_few_ratings end as has_few_ratings,

        ---------- flags
        marked.is_small_base,
        marked.suppressed_because
    from marked
    left join tied
        on
            marked.round_id = tied.round_id
            and marked.consortium_code = tied.consortium_code
            and marked.question_no = tied.question_no

)

select * from final
