with

rounds as (

    select * from {{ ref('int_round_order') }}

),

questions as (

    select * from {{ ref('int_question_changes') }}

),

committees as (

    select * from {{ ref('int_committee_rounds') }}

),

successions as (

    select * from {{ ref('committee_successions') }}

),

invited as (

    select
        invitations.round_id,
        invitations.committee_id,
        rounds.round_id is null as is_round_unknown
    from {{ ref('invitations') }} as invitations
    left join rounds
        on invitations.round_id = rounds.round_id

),

versions as (

    select
        'committees.csv' as seed,
        committee_id as named,
        from_round
    from {{ ref('committees') }}
    union all
    select
        'local_authorities.csv' as seed,
        local_authority_name as named,
        from_round
    from {{ ref('local_authorities') }}

),

latest as (

    select max_by(round_id, position) as round_id from rounds

),

faults as (

    select
        questions.round_id,
        'question ' || questions.question_key as subject,
        questions.question_no,
        case
            when questions.is_declared_comparable is null and questions.change in ('same', 'reworded')
                then
                    'questions.csv does not say whether it may be compared with round '
                    || questions.previous_round_id || ': fill in is_comparable_with_previous.'
            when questions.is_declared_comparable and questions.change in ('added', 'split')
                then
                    'questions.csv declares it comparable, but round ' || questions.previous_round_id
                    || ' did not ask it under this key.'
            when
                questions.comparability_note is null
                and (not questions.is_declared_comparable or questions.change = 'reworded')
                then 'questions.csv does not say why: fill in comparability_note.'
        end as detail
    from questions
    inner join rounds
        on questions.round_id = rounds.round_id
    where
        questions.question_no is not null
        and rounds.question_set is distinct from rounds.previous_question_set
    union all
    select
        questions.round_id,
        'question ' || questions.question_key as subject,
        questions.question_no,
        'questions.csv says that it was part of ' || questions.previous_question_key || ', which round '
        || questions.previous_round_id || ' did not ask.' as detail
    from questions
    left join questions as origins
        on
            questions.round_id = origins.round_id
            and questions.previous_question_key = origins.question_key
            and origins.previous_question_no is not null
    where
        questions.change = 'split'
        and origins.question_key is null
    union all
    select
        case when invited.is_round_unknown then latest.round_id else invited.round_id end as round_id,
        'invitation of ' || invited.committee_id || ' to ' || invited.round_id as subject,
        null as question_no,
        case
            when invited.is_round_unknown then 'invitations.csv names a round that rounds.csv does not have.'
            when committees.committee_id is null
                then 'invitations.csv names a committee that does not exist in that round.'
        end as detail
    from invited
    cross join latest
    left join committees
        on
            invited.round_id = committees.round_id
            and invited.committee_id = committees.committee_id
    union all
    select
        latest.round_id,
        versions.named || ' from ' || versions.from_round as subject,
        null as question_no,
        versions.seed || ' names a round that rounds.csv does not have.' as detail
    from versions
    cross join latest
    left join rounds
        on versions.from_round = rounds.round_id
    where
        versions.from_round is not null
        and rounds.round_id is null
    union all
    select
        authorities.round_id,
        authorities.local_authority_name as subject,
        null as question_no,
        'local_authorities.csv lets it stand under ' || authorities.committee_id
        || ', which does not exist in that round.' as detail
    from {{ ref('int_local_authority_rounds') }} as authorities
    left join committees
        on
            authorities.round_id = committees.round_id
            and authorities.committee_id = committees.committee_id
    where committees.committee_id is null
    union all
    select
        latest.round_id,
        successions.from_committee_id || ' to ' || successions.to_committee_id as subject,
        null as question_no,
        case
            when rounds.previous_round_id is null
                then 'committee_successions.csv names a round that rounds.csv does not have, or the first one'
            when origins.committee_id is null
                then
                    'committee_successions.csv names a committee that did not exist in round '
                    || rounds.previous_round_id
            else 'committee_successions.csv names a committee that does not exist from round ' || rounds.round_id
        end || '.' as detail
    from successions
    cross join latest
    left join rounds
        on successions.round_id = rounds.round_id
    left join committees as origins
        on
            rounds.previous_round_id = origins.round_id
            and successions.from_committee_id = origins.committee_id
    left join committees as heirs
        on
            rounds.round_id = heirs.round_id
            and successions.to_committee_id = heirs.committee_id
    where
        origins.committee_id is null
        or heirs.committee_id is null

)

-- What would make a figure of a round rest on the wrong question or committee: the seeds contradict each other.
select
    'registry_fault' as check_name,
    round_id,
    subject,
    cast(null as string) as committee_id,
    cast(question_no as integer) as question_no,
    cast(null as string) as source_file,
    detail as content,
    detail
from faults
where detail is not null
