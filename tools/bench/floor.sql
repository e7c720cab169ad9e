-- The floor of the transform: the principal marts, written by hand from the raw tables as an analyst would
-- write them. One table after the other, text as it comes, nothing tuned. Left out: everything that depends on seeds
-- that are empty in the benchmark (decisions, claims, codes of comments, an earlier round).
create schema floor;
set schema = 'floor';

-- Whose return is it?
create table files as
select
    file.round_id,
    file.source_file,
    committee.committee_id,
    cast(try_strptime(trim(file.completed_on_typed), ['%Y-%m-%d', '%d/%m/%Y', '%d %B %Y']) as date) as received_on,
    file.sha256
from raw.return_file as file
left join reference.committees as committee
    on trim(regexp_replace(lower(file.committee_typed), '\b(child protection committee|cpc)\b', '', 'g'))
    = lower(committee.committee_name)
where file.file_status = 'read';

create table submissions as
select
    *,
    row_number() over (
        partition by round_id, committee_id order by received_on desc nulls last, source_file
    ) as place
from files
where committee_id is not null;

create table standing as select * from submissions where place = 1;

-- What does it say?
create table answers as
select
    standing.round_id,
    standing.committee_id,
    standing.source_file,
    question.question_no,
    answer.rating_typed,
    word.rating as reported_rating,
    answer.comment_typed,
    trim(regexp_replace(lower(coalesce(answer.comment_typed, '')), '\s+', ' ', 'g')) as comment
from standing
inner join reference.rounds as round
    on standing.round_id = round.round_id
inner join reference.questions as question
    on round.question_set = question.question_set
left join raw.answer as answer
    on standing.round_id = answer.round_id
    and standing.source_file = answer.source_file
    and question.question_no = cast(answer.question_no_typed as integer)
left join reference.rating_words as word
    on regexp_replace(trim(regexp_replace(lower(answer.rating_typed), '\s+', ' ', 'g')), '[ .:;,!]+$', '') = word.word;

create table contents as
select
    round_id,
    committee_id,
    any_value(source_file) as source_file,
    count(*) filter (where reported_rating is null) as blank_ratings,
    count(reported_rating) as ratings,
    count(distinct reported_rating) as colours,
    count(*) filter (where comment <> '') as comments,
    len(list_distinct(string_split(
        trim(regexp_replace(string_agg(comment, ' '), '[^\p{L}\p{N}]+', ' ', 'g')), ' '
    ))) as words,
    md5(string_agg(
        question_no || '|' || coalesce(reported_rating, lower(trim(rating_typed)), '') || '|' || comment, '#'
        order by question_no
    )) as content_hash
from answers
group by round_id, committee_id;

create table duplicates as
select *
from (
    select
        contents.round_id,
        contents.committee_id,
        first_value(contents.committee_id) over (
            partition by contents.round_id, contents.content_hash
            order by standing.received_on nulls last, contents.committee_id
        ) as duplicate_of_committee_id
    from contents
    inner join standing using (round_id, committee_id)
    where contents.colours > 1 or contents.words >= 12
)
where committee_id <> duplicate_of_committee_id;

-- Who wrote nearly the same? Passages are three words in a row.
create table worded as
select
    answers.round_id,
    answers.committee_id,
    answers.question_no,
    answers.reported_rating,
    string_split(trim(regexp_replace(comment, '[^\p{L}\p{N}]+', ' ', 'g')), ' ') as words
from answers
left join duplicates using (round_id, committee_id)
where answers.comment <> '' and duplicates.committee_id is null;

create table passages as
select
    round_id,
    committee_id,
    question_no,
    reported_rating,
    unnest(list_distinct([
        words[place] || ' ' || words[place + 1] || ' ' || words[place + 2]
        for place in range(1, len(words) - 1)
    ])) as passage
from worded;

create table own_passages as
select distinct round_id, committee_id, passage from passages;

create table weights as
select
    round_id,
    passage,
    count(*) as returns,
    ln(1 + (select count(*) from contents) / greatest(count(*), 2)) as weight
from own_passages
group by round_id, passage
having count(*) <= greatest(3, 0.3 * (select count(*) from contents));

create table rare_passages as
select own_passages.*, weights.returns, weights.weight
from own_passages
inner join weights using (round_id, passage)
where weights.returns <= 20;

create table rare_counts as
select round_id, committee_id, count(*) as passages from rare_passages group by round_id, committee_id;

create table near_pairs as
select
    pair.*
from (
    select one.round_id, one.committee_id as one_id, other.committee_id as other_id, count(*) as passages
    from rare_passages as one
    inner join rare_passages as other
        on one.round_id = other.round_id
        and one.passage = other.passage
        and one.committee_id < other.committee_id
    group by one.round_id, one.committee_id, other.committee_id
    having count(*) >= 12
) as pair
inner join rare_counts as one
    on pair.round_id = one.round_id and pair.one_id = one.committee_id
inner join rare_counts as other
    on pair.round_id = other.round_id and pair.other_id = other.committee_id
where pair.passages >= 0.25 * (one.passages + other.passages - pair.passages);

create table return_weights as
select own_passages.*, weights.weight, sum(weights.weight) over (partition by round_id, committee_id) as total
from own_passages
inner join weights using (round_id, passage);

create table near_duplicates as
select
    alike.round_id,
    alike.one_id,
    alike.other_id,
    alike.comment_share,
    avg(cast(one.reported_rating is not distinct from other.reported_rating as integer)) as rating_share
from (
    select
        near_pairs.round_id,
        near_pairs.one_id,
        near_pairs.other_id,
        sum(one.weight) / (max(one.total) + max(other.total) - sum(one.weight)) as comment_share
    from near_pairs
    inner join return_weights as one
        on near_pairs.round_id = one.round_id and near_pairs.one_id = one.committee_id
    inner join return_weights as other
        on near_pairs.round_id = other.round_id
        and near_pairs.other_id = other.committee_id
        and one.passage = other.passage
    group by all
) as alike
inner join answers as one
    on alike.round_id = one.round_id and alike.one_id = one.committee_id
inner join answers as other
    on alike.round_id = other.round_id
    and alike.other_id = other.committee_id
    and one.question_no = other.question_no
where alike.comment_share >= 0.5
group by all
having rating_share >= 0.8;

create table opposite as
with coloured as (
    select * from passages where reported_rating in ('green', 'red')
),
shared as (
    select round_id, question_no, passage
    from coloured
    group by round_id, question_no, passage
    having count(distinct reported_rating) = 2 and count(*) <= 20
),
sizes as (
    select round_id, question_no, committee_id, count(*) as passages
    from coloured
    group by round_id, question_no, committee_id
),
pairs as (
    select red.round_id, red.question_no, red.committee_id, green.committee_id as other_id, count(*) as passages
    from coloured as red
    inner join shared using (round_id, question_no, passage)
    inner join coloured as green using (round_id, question_no, passage)
    where red.reported_rating = 'red' and green.reported_rating = 'green'
    group by all
    having count(*) >= 4
)
select distinct pairs.round_id, pairs.question_no, pairs.committee_id
from pairs
inner join sizes as red using (round_id, question_no, committee_id)
inner join sizes as green
    on pairs.round_id = green.round_id
    and pairs.question_no = green.question_no
    and pairs.other_id = green.committee_id
where pairs.passages >= 0.6 * (red.passages + green.passages - pairs.passages);

-- Whose words contradict the rating?
create table contradicting as
with turns as (
    select
        string_agg(phrase, '|') filter (where role = 'before_turns_green') as before_green,
        string_agg(phrase, '|') filter (where role = 'after_turns_red') as after_red
    from reference.rating_phrases
),
patterns as (
    select
        phrase,
        case when role in ('says_green', 'hints_green') then 'green' else 'red' end as suggested_rating,
        role like 'says%' as is_plain,
        '\b' || phrase || '\b' as pattern,
        case
            when role in ('says_green', 'hints_green')
                then '\b(' || before_green || ')( [a-z'']+){0,3} ' || phrase || '\b'
            else '\b' || phrase || '( [a-z'']+){0,4} (' || after_red || ')\b'
        end as turned_pattern
    from reference.rating_phrases, turns
    where role in ('says_green', 'hints_green', 'says_red')
),
plain as (
    select *, replace(replace(comment, '’', ''''), '-', ' ') as words
    from answers
    where comment <> '' and reported_rating in ('green', 'red')
)
select plain.round_id, plain.committee_id, plain.question_no
from plain
inner join patterns
    on contains(plain.words, patterns.phrase)
where
    len(regexp_extract_all(plain.words, patterns.pattern))
    > len(regexp_extract_all(plain.words, patterns.turned_pattern))
group by plain.round_id, plain.committee_id, plain.question_no, plain.reported_rating
having
    bool_or(patterns.is_plain and patterns.suggested_rating <> plain.reported_rating)
    and not bool_or(patterns.suggested_rating = plain.reported_rating);

-- The facts.
create table fct_return as
select
    invitation.round_id,
    invitation.committee_id,
    duplicates.duplicate_of_committee_id,
    standing.source_file,
    case when standing.source_file is null then 'not_returned' else 'returned' end as return_status,
    standing.source_file is not null as is_counted,
    standing.received_on,
    contents.blank_ratings
from reference.invitations as invitation
left join standing using (round_id, committee_id)
left join contents using (round_id, committee_id)
left join duplicates using (round_id, committee_id);

create table fct_rating as
select
    answers.round_id,
    answers.committee_id,
    answers.question_no,
    answers.reported_rating,
    answers.reported_rating as resolved_rating,
    case when answers.reported_rating is null then 'missing' else 'reported' end as rating_status,
    answers.comment <> '' as has_comment,
    fct_return.duplicate_of_committee_id is not null as is_duplicate,
    fct_return.is_counted
from answers
inner join fct_return using (round_id, committee_id);

-- Counts and ranks, in the nation and in each consortium.
create table counts as
select
    fct_rating.round_id,
    area as consortium_code,
    fct_rating.question_no,
    count(*) as returns,
    count(resolved_rating) as rated,
    count(*) filter (where resolved_rating = 'green') as green,
    count(*) filter (where resolved_rating = 'amber') as amber,
    count(*) filter (where resolved_rating = 'red') as red,
    count(*) filter (where reported_rating is null) as blank,
    count(*) filter (where resolved_rating = 'green' and not is_duplicate) as green_once,
    count(*) filter (where resolved_rating = 'red' and not is_duplicate) as red_once,
    count(*) filter (where reported_rating = 'green') as green_reported,
    count(*) filter (where reported_rating = 'red') as red_reported
from fct_rating
inner join (
    select committee_id, consortium_code as area from reference.committees
    union all
    select committee_id, 'all' as area from reference.committees
) as areas using (committee_id)
where is_counted
group by all;

create table ranking as
select
    *,
    green_rank + red_rank as rank_sum,
    rank() over (partition by round_id, consortium_code order by green_rank + red_rank) as confidence_rank
from (
    select
        *,
        rank() over (partition by round_id, consortium_code order by green desc) as green_rank,
        rank() over (partition by round_id, consortium_code order by red) as red_rank
    from counts
);

create table mart_question_ranking as select * from ranking where consortium_code = 'all';
create table mart_consortium_ranking as select * from ranking where consortium_code <> 'all';

-- How sure is the ranking? Each return is left out once.
create table left_out as
select
    ratings.round_id,
    ratings.committee_id,
    ratings.question_no,
    rank() over (
        partition by ratings.round_id, ratings.committee_id
        order by totals.green - cast(coalesce(ratings.resolved_rating = 'green', false) as integer) desc
    ) as green_rank,
    rank() over (
        partition by ratings.round_id, ratings.committee_id
        order by totals.red - cast(coalesce(ratings.resolved_rating = 'red', false) as integer)
    ) as red_rank
from fct_rating as ratings
inner join mart_question_ranking as totals using (round_id, question_no)
where ratings.is_counted;

create table left_out_ranks as
select
    round_id,
    committee_id,
    question_no,
    rank() over (partition by round_id, committee_id order by green_rank + red_rank) as confidence_rank
from left_out;

create table treated as
select
    round_id,
    question_no,
    rank() over (partition by round_id order by green_once_rank + red_once_rank) as rank_duplicates_once,
    rank() over (partition by round_id order by green_reported_rank + red_reported_rank) as rank_reported_only,
    rank() over (partition by round_id order by green_reported_rank + red_blank_rank) as rank_blank_red,
    rank() over (partition by round_id order by green_blank_rank + red_reported_rank) as rank_blank_green,
    rank() over (partition by round_id order by green - red desc) as rank_net,
    rank() over (partition by round_id order by (2 * green + amber) / rated desc) as rank_mean_score,
    green_rank as rank_green_alone,
    red_rank as rank_red_alone
from (
    select
        *,
        rank() over (partition by round_id order by green_once desc) as green_once_rank,
        rank() over (partition by round_id order by red_once) as red_once_rank,
        rank() over (partition by round_id order by green_reported desc) as green_reported_rank,
        rank() over (partition by round_id order by red_reported) as red_reported_rank,
        rank() over (partition by round_id order by red_reported + blank) as red_blank_rank,
        rank() over (partition by round_id order by green_reported + blank desc) as green_blank_rank
    from mart_question_ranking
);

create table mart_rank_robustness as
select
    treated.*,
    ranges.lowest_rank,
    ranges.highest_rank
from treated
inner join (
    select
        round_id,
        question_no,
        min(confidence_rank) as lowest_rank,
        max(confidence_rank) as highest_rank
    from left_out_ranks
    group by round_id, question_no
) as ranges using (round_id, question_no);

create table mart_coverage as
select
    round_id,
    area as consortium_code,
    count(*) as invited,
    count(*) filter (where return_status = 'returned') as returned,
    count(*) filter (where return_status = 'returned' and duplicate_of_committee_id is null) as distinct_contents,
    count(distinct local_authority_name) as local_authorities,
    count(distinct local_authority_name) filter (where return_status = 'returned') as local_authorities_covered
from fct_return
inner join (
    select committee_id, consortium_code as area from reference.committees
    union all
    select committee_id, 'all' as area from reference.committees
) as areas using (committee_id)
inner join reference.local_authorities using (committee_id)
group by all;

-- What is wrong with the returns?
create table mart_data_quality as
select 'blank_rating' as "check", round_id, committee_id, question_no, source_file
from answers
inner join (select round_id, committee_id from contents where ratings + comments > 0) using (round_id, committee_id)
where reported_rating is null
union all
select 'blank_return', round_id, committee_id, null, source_file from contents where ratings + comments = 0
union all
select 'duplicate_return', round_id, committee_id, null, source_file
from duplicates inner join standing using (round_id, committee_id)
union all
select 'near_duplicate', round_id, committee_id, null, source_file
from (
    select distinct
        near_duplicates.round_id,
        case when one.received_on <= other.received_on then other_id else one_id end as committee_id
    from near_duplicates
    inner join standing as one on near_duplicates.one_id = one.committee_id
    inner join standing as other on near_duplicates.other_id = other.committee_id
)
inner join standing using (round_id, committee_id)
union all
select 'opposite_ratings', round_id, committee_id, question_no, source_file
from opposite inner join standing using (round_id, committee_id)
union all
select 'comment_contradicts', round_id, committee_id, question_no, source_file
from contradicting inner join standing using (round_id, committee_id)
union all
select 'outlying_return', round_id, committee_id, null, source_file
from contents
where ratings >= 10 and (colours = 1 or comments = 0)
union all
select 'outside_fieldwork', round_id, committee_id, null, source_file
from standing
inner join reference.rounds using (round_id)
where coalesce(received_on not between fieldwork_start and fieldwork_end, true)
union all
select 'non_return', round_id, committee_id, null, null from fct_return where return_status = 'not_returned'
union all
select 'superseded_return', submissions.round_id, submissions.committee_id, null, submissions.source_file
from submissions
inner join standing using (round_id, committee_id)
where submissions.place > 1 and standing.received_on > submissions.received_on
union all
select 'conflicting_returns', submissions.round_id, submissions.committee_id, null, submissions.source_file
from submissions
inner join standing using (round_id, committee_id)
where submissions.place > 1 and standing.received_on = submissions.received_on;
