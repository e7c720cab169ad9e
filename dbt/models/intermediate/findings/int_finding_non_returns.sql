with

invitations as (

    select distinct * from {{ ref('invitations') }}

),

returns as (

    select * from {{ ref('int_returns') }}

)

select
    'non_return' as check_name,
    invitations.round_id,
    invitations.committee_id as subject,
    invitations.committee_id,
    cast(null as integer) as question_no,
    cast(null as string) as source_file,
    'none' as content,
    'The committee was invited and sent no return that could be read.' as detail
from invitations
left join returns
    on
        invitations.round_id = returns.round_id
        and invitations.committee_id = returns.committee_id
        and returns.is_standing
where returns.source_file is null
