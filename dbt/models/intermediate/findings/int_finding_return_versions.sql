with

versions as (

    select * from {{ ref('int_return_versions') }}

),

published_rounds as (

    select * from {{ ref('int_published_rounds') }}

),

judged as (

    select
        *,
        case
            when return_change = 'gone' and (was_withdrawn or not is_final) then 'missing_return'
            when return_change <> 'unchanged' and is_final then 'final_round_changed'
        end as check_name
    from versions

),

described as (

    select
        check_name,
        round_id,
        committee_id,
        case when return_change <> 'gone' then source_file end as source_file,
        committee_id as subject,
        concat_ws(chr(31), return_change, published_sha256, sha256) as content,
        case
            when check_name = 'missing_return'
                then 'The published release has its return (' || source_file || '), and the folder has none.'
            when return_change = 'added' then 'The round is closed, and the return is new.'
            when return_change = 'changed' then 'The round is closed, and the return differs from the published one.'
            else 'The round is closed, and its published return (' || source_file || ') is gone.'
        end as detail
    from judged
    where check_name is not null
    union all
    select
        'unrecorded_reopening' as check_name,
        round_id,
        null as committee_id,
        null as source_file,
        'round ' || round_id as subject,
        concat_ws(chr(31), published_closed_on, closed_on) as content,
        'It was published as closed on ' || published_closed_on || ', and the registry says '
        || coalesce(cast(closed_on as string), 'that it is open') || '.' as detail
    from published_rounds
    where
        is_final
        and closed_on is distinct from published_closed_on

),

final as (

    select {{ finding_columns(about=['committee_id', 'source_file']) }}
    from described

)

select * from final
