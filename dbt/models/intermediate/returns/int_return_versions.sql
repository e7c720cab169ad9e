with

returns as (

    select * from {{ ref('int_returns') }}

),

published as (

    select * from {{ ref('stg_published_returns') }}

),

published_rounds as (

    select * from {{ ref('int_published_rounds') }}

),

standing as (

    select * from returns
    where is_standing

),

paired as (

    select
        coalesce(standing.round_id, published.round_id) as round_id,
        coalesce(standing.committee_id, published.committee_id) as committee_id,
        coalesce(standing.source_file, published.source_file) as source_file,
        coalesce(standing.sha256, published.sha256) as sha256,
        published.sha256 as published_sha256,
        coalesce(published.is_withdrawn, false) as was_withdrawn,
        case
            when standing.source_file is null then 'gone'
            when published.source_file is null or published.is_withdrawn then 'added'
            -- A release of an earlier version has no hashes.
            when standing.sha256 <> published.sha256 then 'changed'
            else 'unchanged'
        end as return_change
    from standing
    full join published
        on standing.round_id = published.round_id and standing.committee_id = published.committee_id

),

final as (

    select
        paired.*,
        coalesce(published_rounds.is_final, false) as is_final
    from paired
    left join published_rounds
        on paired.round_id = published_rounds.round_id

)

select * from final
