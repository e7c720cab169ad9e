with

rules as (

    select * from {{ ref('ranking_rules') }}

),

final as (

    select
        ---------- ids
        rule_id,
        position,

        ---------- the rule
        title,
        definition,
        is_ours,

        ---------- whether any counts can give the report's figures under it
        feasible_with_figures,
        feasible_with_comments,
        feasible_with_groups,

        ---------- in words
        method,
        argument,
        note,
        example_counts
    from rules

)

select * from final
