{%- set bases = {'resolved': '', 'reported': '_reported'} -%}
with

counts as (

    select * from {{ ref('int_treatment_counts') }}

),

{% for base, suffix in bases.items() -%}
    {{ base }} as (

        select
            round_id,
            question_no,
            round(green{{ suffix }} / (green{{ suffix }} + amber{{ suffix }} + red{{ suffix }}), 9) as green,
            round(red{{ suffix }} / (green{{ suffix }} + amber{{ suffix }} + red{{ suffix }}), 9) as red
        from counts
        where green{{ suffix }} + amber{{ suffix }} + red{{ suffix }} > 0

    ),

    {{ base }}_ranked as (

        {{ rank_questions(base, within=['round_id']) }}

    ),

{% endfor -%}
final as (

    select
        resolved_ranked.round_id,
        resolved_ranked.question_no,
        cast(resolved_ranked.confidence_rank as integer) as rank_shares,
        cast(reported_ranked.confidence_rank as integer) as rank_reported_shares
    from resolved_ranked
    left join reported_ranked
        on
            resolved_ranked.round_id = reported_ranked.round_id
            and resolved_ranked.question_no = reported_ranked.question_no

)

select * from final
