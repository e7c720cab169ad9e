with

checks as (

    select * from {{ ref('mart_claim_check') }}

),

claims as (

    select * from {{ ref('claims') }}

),

suppressed as (

    select * from {{ ref('int_suppressed_rows') }}

),

suppressed_consortia as (

    select
        round_id,
        consortium_code,
        min(suppressed_because) as suppressed_because
    from suppressed
    group by round_id, consortium_code

),

-- A count of a consortium that the report printed is public. Ranks and sums within a consortium rest on all its
-- questions, hidden ones as well.
marked as (

    select
        checks.*,
        coalesce(
            own.suppressed_because,
            case
                when
                    checks.metric not in ('count', 'share', 'mean_score', 'blank', 'rated', 'returns')
                    and checks.question_no is not null
                    then elsewhere.suppressed_because
            end
        ) as own_suppressed_because,
        other.suppressed_because as other_suppressed_because,
        checks.verdict in ('agrees', 'disagrees') as is_decided_by_figures
    from checks
    inner join claims
        on checks.claim_id = claims.claim_id
    left join suppressed as own
        on
            checks.round_id = own.round_id
            and checks.question_no = own.question_no
            and checks.consortium_code = own.consortium_code
    left join suppressed as other
        on
            checks.round_id = other.round_id
            and claims.versus_question_no = other.question_no
            and claims.versus_consortium_code = other.consortium_code
    left join suppressed_consortia as elsewhere
        on checks.round_id = elsewhere.round_id and checks.consortium_code = elsewhere.consortium_code

),

final as (

    select
        ---------- ids
        claim_id,
        round_id,

        ---------- the claim
        section,
        paraphrase,
        metric,
        question_no,
        consortium_code,
        rating,
        is_hard,

        ---------- how it compares
        case when other_suppressed_because is null then expected end as expected,
        case when own_suppressed_because is null then actual end as actual,
        case
            when is_decided_by_figures and coalesce(own_suppressed_because, other_suppressed_because) is not null
                then 'suppressed'
            else verdict
        end as verdict,

        ---------- in words
        note,

        ---------- flags
        coalesce(own_suppressed_because, other_suppressed_because) as suppressed_because
    from marked

)

select * from final
