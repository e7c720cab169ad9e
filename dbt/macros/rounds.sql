{#- Returns are numbered within their round, and each round has numbers of its own: those of an old one stay the same
    whatever is sent to a new one. Ten million returns and two hundred rounds are as many as the numbers hold. -#}
{% macro first_return_no(position) -%}
    10000000 * {{ position }}
{%- endmacro %}

{#-
  Rounds of which nothing has changed since the tables were made (SELFEVAL_KEPT_ROUNDS, a JSON list; see
  transform/state.py). A model that takes part says in `meta: rounds_by` which of its columns tell the rounds that a
  row is made of, and of no other: `[round_id]`, `[round_id, previous_round_id]` or `[return_no]`.
-#}
{% macro kept_rounds() -%}
    {{ return(fromjson(env_var('SELFEVAL_KEPT_ROUNDS', '[]'))) }}
{%- endmacro %}

{#- Whether a row is of such rounds, in SQL. -#}
{% macro is_of(rounds, rounds_by) -%}
    {%- set named = "in ('" ~ rounds | map('replace', "'", "''") | join("', '") ~ "')" -%}
    {%- if rounds_by != ['return_no'] -%}
        {{ return('(' ~ rounds_by | join(' ' ~ named ~ ' and ') ~ ' ' ~ named ~ ')') }}
    {%- endif -%}
    {#- Bounds are understood far down in a plan, where a list of returns would not be. -#}
    {%- set bounds = [] -%}
    {%- for position in run_query(
        'select position from ' ~ order_of_rounds() ~ ' where round_id ' ~ named
    ).columns[0].values() -%}
        {%- do bounds.append(
            'return_no between ' ~ first_return_no(position) ~ ' and ' ~ first_return_no(position + 1) ~ ' - 1'
        ) -%}
    {%- endfor -%}
    {{ return('(' ~ bounds | join(' or ') ~ ')') }}
{%- endmacro %}

{#- A model's SQL, reading of other models that take part only the rounds that it needs. -#}
{% macro without_kept_rounds(sql, rounds_by) -%}
    {%- set read = namespace(sql=sql) -%}
    {%- set unread = kept_rounds() if rounds_by | length == 1 else kept_with_neighbours() -%}
    {%- for unique_id in model.depends_on.nodes if unread and unique_id in graph.nodes -%}
        {%- set node = graph.nodes[unique_id] -%}
        {%- if node.config.get('meta', {}).get('rounds_by') -%}
            {%- set part = ' where not ' ~ is_of(unread, node.config.meta.rounds_by) -%}
            {%- set read.sql = read.sql | replace(
                node.relation_name, '(select * from ' ~ node.relation_name ~ part ~ ')'
            ) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(read.sql) }}
{%- endmacro %}

{#- What compares rounds reads those before and after one that has changed as well. -#}
{% macro kept_with_neighbours() -%}
    {%- set order = order_of_rounds() -%}
    {%- set kept = is_of(kept_rounds(), ['round_id']) -%}
    {{ return(run_query(
        'select round_id from (select *, lead(round_id) over (order by position) as next_round_id from ' ~ order ~ ')'
        ~ ' where ' ~ kept ~ ' and coalesce(' ~ kept | replace('round_id', 'previous_round_id') ~ ', true)'
        ~ ' and coalesce(' ~ kept | replace('round_id', 'next_round_id') ~ ', true)'
    ).columns[0].values() | list) }}
{%- endmacro %}

{#- As the last build left it, or nothing would be kept: no dependency, so no `ref`. -#}
{% macro order_of_rounds() -%}
    {{ return(graph.nodes['model.selfeval.int_round_order'].relation_name) }}
{%- endmacro %}
