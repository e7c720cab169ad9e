with

claims as (

    select * from {{ ref('claims') }}

),

metrics as (

    select * from {{ ref('int_metrics') }}

),

-- One row per claim, with the value of its subject and, where it compares two, of the other one.
valued as (

    select
        claims.*,
        own.number_value as own_number,
        coalesce(own.text_value, {{ short_number('own.number_value') }}) as own_text,
        coalesce(other.text_value, {{ short_number('other.number_value') }}) as other_text,
        coalesce(other.number_value, try_cast(claims.expected as double)) + coalesce(claims.margin, 0)
            as expected_number,
        coalesce(other.text_value, claims.expected) as expected_text,
        coalesce(claims.not_checkable_reason, own.missing_because, other.missing_because) as not_checkable_because
    from claims
    left join metrics as own
        on
            claims.metric = own.metric
            and claims.round_id = own.round_id
            and claims.question_no is not distinct from own.question_no
            and coalesce(claims.consortium_code, 'all') = own.consortium_code
            and claims.rating is not distinct from own.rating
    left join metrics as other
        on
            claims.versus_metric = other.metric
            and claims.round_id = other.round_id
            and claims.versus_question_no is not distinct from other.question_no
            and coalesce(claims.versus_consortium_code, 'all') = other.consortium_code
            and claims.versus_rating is not distinct from other.rating

),

-- Numbers are compared as numbers, with a tolerance for rounding, and words as words.
compared as (

    select
        *,
        case
            when own_number is not null and expected_number is not null
                then
                    case comparison
                        when '=' then abs(own_number - expected_number) < 1e-9
                        when '<>' then abs(own_number - expected_number) >= 1e-9
                        when '>' then own_number > expected_number + 1e-9
                        when '>=' then own_number >= expected_number - 1e-9
                        when '<' then own_number < expected_number - 1e-9
                        when '<=' then own_number <= expected_number + 1e-9
                    end
            when comparison = '=' then own_text = expected_text
            when comparison = '<>' then own_text <> expected_text
        end as is_true
    from valued

),

final as (

    select
        claim_id,
        round_id,
        section,
        paraphrase,
        metric,
        question_no,
        consortium_code,
        rating,
        is_hard,
        case when comparison = '=' then '' else comparison || ' ' end || case
            when versus_metric is null then expected
            else other_text || case when margin <> 0 then ' ' || {{ signed_number('margin') }} else '' end
        end as expected,
        own_text as actual,
        case
            when not_checkable_because is not null then 'not checkable'
            when contradiction is not null then 'report contradicts itself'
            when is_true then 'agrees'
            else 'disagrees'
        end as verdict,
        coalesce(not_checkable_because, contradiction, threshold_note) as note
    from compared

)

select * from final
