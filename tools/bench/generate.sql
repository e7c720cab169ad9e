-- One round of invented returns at any size, written over the reference data and raw tables of a build database.
-- Variables: `committees` invited, and `seed`. Every choice is a hash of the seed and of what it is about, so that
-- the same size gives the same returns. The questionnaire is the repository's own, of 19 questions.
create or replace macro chance(what) as (hash(getvariable('seed'), what) % 1_000_000) / 1_000_000;

create or replace temp table committee as
select
    range as committee_no,
    'cpc-' || lpad(cast(range as varchar), 7, '0') as committee_id,
    -- Names differ in letters, as committees' names do: figures would be dropped when they are compared.
    list_aggregate([
        chr(cast(97 + (range // cast(26 ** place as bigint)) % 26 as integer)) for place in [4, 3, 2, 1, 0]
    ], 'string_agg', '') || 'shire' as committee_name,
    ['N', 'W', 'E'][1 + cast(floor(3 * chance('consortium' || range)) as integer)] as consortium_code,
    -- One return in a thousand repeats its neighbour's in everything, another one in nearly everything.
    case when range % 1000 in (250, 750) then range - 1 else range end as author_no,
    chance('return' || range) < 0.96 as has_returned
from range(getvariable('committees'));

delete from reference.committees;
insert into reference.committees by name
select committee_id, cast(null as varchar) as from_round, committee_name, consortium_code from committee;
delete from reference.invitations;
insert into reference.invitations by name select '2016' as round_id, committee_id from committee;
delete from reference.local_authorities;
insert into reference.local_authorities by name
select committee_name as local_authority_name, cast(null as varchar) as from_round, committee_id from committee;
delete from reference.committee_aliases;
delete from reference.decisions;
-- Nobody has written a report about this round, nor read its comments.
delete from reference.claims;
delete from reference.comment_codes;
delete from reference.comment_topics;

delete from raw.problem;
delete from raw.return_file;
insert into raw.return_file by name
select
    '2016' as round_id,
    committee_name || submission || '.xlsx' as source_file,
    'read' as file_status,
    'xlsx' as file_format,
    18_000 + cast(4_000 * chance('size' || committee_no) as bigint) as size_bytes,
    sha256(committee_id || submission) as sha256,
    'calamine' as reader,
    '0.9' as reader_version,
    case cast(floor(4 * chance('name' || committee_no)) as integer)
        when 0 then upper(committee_name) || ' CPC'
        when 1 then committee_name || ' Child Protection Committee'
        else committee_name
    end as committee_typed,
    strftime(
        date '2016-10-01' + cast(floor(125 * chance('day' || committee_no)) as integer)
        + case submission when '' then 0 else 1 end, '%Y-%m-%d'
    ) as completed_on_typed,
    '2016' as round_typed
from committee
cross join (select unnest(['', ' corrected']) as submission)
-- One in a thousand sends a second file.
where has_returned and (submission = '' or committee_no % 1000 = 500);

create or replace temp table question as
select
    question_no,
    question_text,
    0.20 + 0.025 * chance('green' || question_no) * 19 as green,
    0.25 as red
from reference.questions
where question_set = 'cse-2016';

create or replace temp table stock as
select row_number() over () as stock_no, sentence from (values
    ('This is in place and was reviewed with all partners in the spring.'),
    ('Work has started and a draft is with the sub group for comment.'),
    ('This is not yet in place, it is in the plan for next year.'),
    ('Training was delivered to staff of all agencies and will be repeated.'),
    ('We have links with neighbouring areas and share what we learn.'),
    ('Young people were asked and their views are part of the action plan.'),
    ('Figures are collected by police and social work and reported quarterly.'),
    ('There is no separate strategy, it is part of the general one.')
) as sentences (sentence);

-- A tenth of the answers has a comment: a stock sentence in one of five, otherwise some words of a writer's own.
create or replace macro words(key, least) as array_to_string([
    printf('w%s', to_base(cast(floor(1_500 * chance(key || '/' || place) ** 2) as bigint), 26))
    for place in range(least + cast(floor(10 * chance(key || '#')) as integer))
], ' ');

delete from raw.answer;
insert into raw.answer by name
with asked as (
    select
        committee.committee_name || case when committee.committee_no % 1000 = 500 then submission else '' end
            || '.xlsx' as source_file,
        question.*,
        committee.author_no || '.' || question.question_no as author_key,
        -- The near copy of each thousand changed its mind on two questions.
        committee.author_no || '.' || question.question_no || case
            when committee.committee_no % 1000 = 750 and question.question_no in (5, 6) then '!' else ''
        end as rating_key
    from committee
    cross join question
    inner join (select unnest(['', ' corrected']) as submission)
        on submission = '' or committee.committee_no % 1000 = 500
    where committee.has_returned
)
select
    '2016' as round_id,
    source_file,
    cast(question_no as varchar) as question_no_typed,
    'Questionnaire' as sheet,
    'D' || 8 + question_no as cell,
    question_text as question_typed,
    case
        when chance('blank' || rating_key) < 0.02 then ''
        else case
            when chance(rating_key) < green then ['Green', 'green', 'GREEN ', 'G', 'In place']
            when chance(rating_key) < green + red then ['Red', 'red', 'RED', 'R', 'Not in place']
            else ['Amber', 'amber', ' Amber', 'A', 'Getting  there']
        end[1 + cast(floor(5 * chance('spelling' || rating_key)) as integer)]
    end as rating_typed,
    case
        when chance('has' || author_key) < 0.08 then words(author_key, 6)
        when chance('has' || author_key) < 0.10 then stock.sentence
        else ''
    end as comment_typed
from asked
inner join stock
    on 1 + hash(getvariable('seed'), author_key) % 8 = stock.stock_no;
checkpoint;
