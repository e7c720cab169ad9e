with

contents as (

    select * from {{ ref('int_return_contents') }}

),

returns as (

    select * from {{ ref('int_returns') }}

),

-- Few returns have the content of another: only these are put in order. Two empty templates are a finding of their
-- own, and two short returns that are green throughout are alike by chance.
repeated as (

    select
        round_id,
        content_key
    from contents
    where is_distinctive
    group by round_id, content_key
    having count(*) > 1

),

ordered as (

    select
        contents.return_no,
        contents.round_id,
        contents.committee_id,
        first_value(contents.committee_id) over (
            partition by contents.round_id, contents.content_key
            order by returns.received_on nulls last, contents.committee_id
        ) as duplicate_of_committee_id
    from contents
    inner join repeated
        on contents.round_id = repeated.round_id and contents.content_key = repeated.content_key
    inner join returns
        on contents.return_no = returns.return_no
    where contents.is_distinctive

),

final as (

    select * from ordered
    where committee_id <> duplicate_of_committee_id

)

select * from final
