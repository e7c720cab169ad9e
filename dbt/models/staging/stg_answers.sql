with

source as (

    select * from {{ source('raw', 'answer') }}

),

final as (

    select
        ---------- ids
        round_id,
        source_file,
        cast(question_no_typed as integer) as question_no,

        ---------- where it is in the file
        sheet,
        cell,

        ---------- text, as typed
        question_typed,
        rating_typed,
        rating_colour,
        comment_typed
    from source

)

select * from final
