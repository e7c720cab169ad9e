with

answers as (

    select
        *,
        concat_ws(
            chr(31),
            question_no,
            coalesce(reported_rating, {{ normalised('rating_typed') }}),
            {{ normalised('comment_typed') }}
        ) as content
    from {{ ref('int_answers') }}

)

select
    ---------- ids
    round_id,
    committee_id,
    source_file,

    ---------- counts
    count(*) filter (where reported_rating is null) as blank_ratings,
    count(*) filter (where has_comment) as comments,
    count(reported_rating) as ratings,
    count(distinct reported_rating) as colours,

    ---------- flags
    -- Whether two returns with this content have more in common than chance: short ones of one colour have not.
    count(distinct reported_rating) > 1
    or {{ distinct_members(word_list("string_agg(coalesce(comment_typed, ''), ' ')")) }}
    >= {{ var('duplicate_least_words') }} as is_distinctive,
    count(reported_rating) = 0 and count(*) filter (where has_comment) = 0 as is_empty,

    ---------- what was answered, whatever the layout of the file and the committee on its cover
    md5({{ joined('content', 'chr(30)', 'question_no') }}) as content_hash
from answers
group by all
