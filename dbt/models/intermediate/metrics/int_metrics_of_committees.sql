with

returns as (

    select * from {{ ref('int_return_statuses') }}

),

committees as (

    select * from {{ ref('int_committee_rounds') }}

),

authority_counts as (

    select * from {{ ref('int_local_authority_counts') }}

),

claims as (

    select * from {{ ref('claims') }}

),

-- Returns with the same content have the same first committee.
contents as (

    select
        round_id,
        committee_id,
        coalesce(duplicate_of_committee_id, committee_id) as first_committee_id
    from returns

),

facts as (

    select
        'local_authority_count' as fact,
        returns.round_id,
        returns.committee_id,
        cast(coalesce(authority_counts.local_authority_count, 0) as double) as number_value,
        null as text_value
    from returns
    left join authority_counts
        on returns.round_id = authority_counts.round_id and returns.committee_id = authority_counts.committee_id
    union all
    select
        'return_status' as fact,
        round_id,
        committee_id,
        null as number_value,
        return_status as text_value
    from returns
    union all
    select
        'consortium_of' as fact,
        returns.round_id,
        returns.committee_id,
        null as number_value,
        committees.consortium_code as text_value
    from returns
    inner join committees
        on returns.round_id = committees.round_id and returns.committee_id = committees.committee_id
    union all
    select
        'shares_content_with' as fact,
        own.round_id,
        own.committee_id,
        null as number_value,
        {{ joined('partners.committee_id', "', '", 'partners.committee_id') }} as text_value
    from contents as own
    inner join contents as partners
        on
            own.round_id = partners.round_id
            and own.first_committee_id = partners.first_committee_id
            and own.committee_id <> partners.committee_id
    group by own.round_id, own.committee_id

),

-- A fact about a single committee is a metric only where a claim needs it.
claimed as (

    select metric from claims
    union
    select versus_metric as metric from claims

),

final as (

    select
        claimed.metric,
        facts.round_id,
        facts.number_value,
        facts.text_value
    from facts
    inner join claimed
        on facts.fact || ':' || facts.committee_id = claimed.metric

)

select * from final
