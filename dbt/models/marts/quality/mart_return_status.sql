with

returns as (

    select * from {{ ref('fct_return') }}

),

committees as (

    select * from {{ ref('dim_committee_round') }}

),

-- Only what the report itself published about a return: that it came, and that it duplicates another.
final as (

    select
        ---------- ids
        returns.round_id,
        returns.committee_id,
        committees.committee_name,
        committees.consortium_code,

        ---------- status
        returns.return_status,
        originals.committee_name as duplicate_of_committee_name
    from returns
    inner join committees
        on returns.round_id = committees.round_id and returns.committee_id = committees.committee_id
    left join committees as originals
        on returns.round_id = originals.round_id and returns.duplicate_of_committee_id = originals.committee_id

)

select * from final
