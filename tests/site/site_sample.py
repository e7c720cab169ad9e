"""A small release for the tests of the site: real Parquet and CSV files with plausible figures.

Counts of green, amber and red are the published ones if the report gives them. The ratings of committees are drawn
with a fixed seed, so every figure by consortium is invented.
"""

import csv
import json
import random
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from dagster_project.audit.suites import load_suites
from dagster_project.release.database import DATABASE
from dagster_project.release.datadocs import SuiteResults, write_data_docs
from dagster_project.release.marts import Column, Mart, Notice
from dagster_project.release.modeldocs import ColumnDoc, ModelDoc, write_model_docs
from dagster_project.release.open_data import write_open_data
from dagster_project.site.build import SiteReport

SEEDS = Path(__file__).resolve().parents[2] / "dbt" / "seeds"

# Green, amber and red by question number, over 25 returns.
COUNTS = {
    1: (18, 6, 1), 2: (17, 8, 0), 3: (5, 17, 3), 4: (20, 5, 0), 5: (9, 14, 2), 6: (4, 19, 2), 7: (8, 15, 2),
    8: (16, 6, 3), 9: (5, 18, 2), 10: (11, 2, 12), 11: (12, 10, 3), 12: (7, 3, 15), 13: (12, 4, 9),
    14: (7, 6, 12), 15: (13, 6, 6), 16: (5, 9, 11), 17: (10, 12, 3), 18: (4, 12, 9), 19: (10, 12, 3),
}  # fmt: skip
BLANKS = {8: 1, 10: 1, 14: 4, 15: 2, 16: 1, 17: 1, 19: 1}
GROUPS = {4: "high", 2: "high", 1: "high", 14: "low", 16: "low", 12: "low", 18: "low"}
COMMENTS = {8: "High number red responses for this rank. One blank response.", 14: "Four blank responses."}
LABELS = {12: "19 out of 19", 18: "19 out of 19"}
NOT_RETURNED = ("argyll-and-bute", "highland", "renfrewshire", "west-dunbartonshire")
DESCRIPTIONS = {
    "dim_round": "One row per round.",
    "dim_consortium": "One row per consortium.",
    "dim_committee": "One row per committee.",
    "dim_committee_round": "One row per round and committee.",
    "dim_local_authority": "One row per local authority.",
    "dim_local_authority_round": "One row per round and local authority.",
    "dim_rating": "One row per rating.",
    "dim_problem_code": "One row per kind of problem of a returned file.",
    "dim_quality_check": "One row per kind of finding.",
    "dim_question": "One row per question of a round's question set.",
    "mart_question_ranking": "One row per round and question.",
    "mart_consortium_ranking": "One row per round, consortium and question.",
    "mart_rank_robustness": "One row per round and question.",
    "mart_rank_pair": "One row per round and pair of questions.",
    "mart_group_stability": "One row per round and question.",
    "mart_ranking_reliability": "One row per round.",
    "mart_ranking_rule": "One row per ranking rule.",
    "mart_claim_check": "One row per claim of the report.",
    "mart_comment_topic": "One row per round, question and topic.",
    "mart_coverage": "One row per round and consortium, and one for all.",
    "mart_disclosure_acceptance": "One row per accepted disclosure.",
    "mart_suppression": "One row per round.",
    **{
        f"{name}": "One row per round and what changed since the one before."
        for name in (
            "mart_question_change",
            "mart_round_change",
            "mart_consortium_change",
            "mart_rating_flow",
        )
    },
    "mart_return_status": "One row per round and invited committee.",
    "mart_round_reopening": "One row per decision to open a closed round again.",
    "mart_round_retention": "One row per round: how long the texts of its returns are kept.",
    "mart_data_quality_summary": "One row per round, check and decision.",
    "mart_decision_effect": "One row per round and decided finding.",
}
OTHER_RANKS = ", ".join(
    f"confidence_rank as rank_{way}"
    for way in ("reported_only", "blank_red", "blank_green", "net", "mean_score", "green_alone", "red_alone",
                "colours_dense", "colours_modified", "colours_fractional", "shares", "reported_shares")
)  # fmt: skip
QUALITY = (
    ("2016", "blank_rating", "Ratings left blank", "stop", "estimate", "National group",
     "Each blank was estimated from its comment.", 11, "Questions 8, 10, 14, 15, 16, 17 and 19",
     "A question without a rating would otherwise have fewer than 25 ratings."),
    ("2016", "duplicate_return", "Two returns with the same content", "stop", "count_both", "National group",
     "The two committees share one template.", 1, "Aberdeenshire",
     "Counting the same content twice gives it twice the weight."),
    ("2016", "unusual_date", "Returned on the last day", "inform", None, None, None, 1, "One return",
     "Worth knowing; nothing is changed."),
)  # fmt: skip

_RANKING = """
with counted as (
    select {keys}, count(*) as returns, count(*) as rated,
        count(*) filter (where rating = 'green') as green,
        count(*) filter (where rating = 'amber') as amber,
        count(*) filter (where rating = 'red') as red,
        count(*) filter (where is_blank) as blank
    from rating group by all
), ranked as (
    select *, green / rated as green_share, amber / rated as amber_share, red / rated as red_share,
        4 * green * red / (rated * rated) as polarisation,
        rank() over (partition by {part} order by green desc) as green_rank,
        rank() over (partition by {part} order by red) as red_rank
    from counted
), summed as (
    select *, green_rank + red_rank as rank_sum from ranked
)
select '2016' as round_id, * exclude ({exclude}),
    rank() over (partition by {part} order by rank_sum) as confidence_rank,
    count(*) over (partition by {part}, rank_sum) > 1 as is_joint
from summed
"""


@dataclass(frozen=True)
class BuiltSite:
    """The finished site's folder and what its build reported."""

    folder: Path
    report: SiteReport

    def paths(self) -> list[str]:
        """All finished pages, including those without the theme."""
        return sorted(path.relative_to(self.folder).as_posix() for path in self.folder.rglob("*.html"))


def make_release(
    folder: Path, counts: Mapping[int, tuple[int, int, int]] = COUNTS, *, reverse: bool = False
) -> Path:
    """Write the release into `folder`; with `reverse`, every table's rows lie in the opposite order."""
    connection = duckdb.connect()
    _reference_data(connection)
    _ratings(connection, counts)
    _marts(connection)
    marts = tuple(_mart(connection, name, description) for name, description in DESCRIPTIONS.items())
    folder.mkdir(exist_ok=True)
    connection.execute(f"attach '{folder / DATABASE}' as release")
    tables = []
    for mart in marts:
        connection.execute(f"create table release.{mart.name} as from memory.{mart.name}")
        count = connection.execute(f"select count(*) from {mart.name}").fetchall()[0][0]
        tables.append({"name": mart.name, "rows": count, "description": mart.description})
    connection.execute("detach release")
    notice = Notice("Not verified. Illustrative.", "sample", "2026-11-22T12:00:00Z", "sample", ("2016",))
    write_open_data(folder, marts, notice)
    if reverse:
        for path in sorted((folder / "data" / "parquet").iterdir()):
            connection.execute(f"create table reversed as from read_parquet('{path}')")
            connection.execute(f"copy (from reversed order by rowid desc) to '{path}' (format parquet)")
            connection.execute("drop table reversed")
    manifest = {
        "release_id": "20261122T120000Z-sample",
        "made_at": "2026-11-22T12:00:00+00:00",
        "rounds": ["2016"],
        "latest_round": "2016",
        "is_illustrative": True,
        "tables": tables,
    }
    _write_standalone_pages(folder, notice)
    (folder / "release.json").write_text(json.dumps(manifest), encoding="utf-8")
    connection.close()
    return folder


def _mart(connection: duckdb.DuckDBPyConnection, name: str, description: str) -> Mart:
    described = connection.execute(
        "select column_name, data_type from duckdb_columns() where table_name = ?", [name]
    )
    columns = {column: Column(f"{column} of {name}.", kind) for column, kind in described.fetchall()}
    return Mart(name, "public", description, columns)


def enlarge(release: Path, questions: int, rounds: int) -> Path:
    """Copy the sample's questions and its round up to these numbers, to measure how the site grows."""
    connection = duckdb.connect()
    years = [str(2016 + number) for number in range(rounds)]
    for path in sorted((release / "data" / "parquet").glob("*.parquet")):
        table = path.stem
        connection.execute(f"create table {table} as select * from read_parquet('{path}')")
        columns = {row[0] for row in connection.execute(f"describe {table}").fetchall()}
        # The report was about one round and its questions.
        is_of_the_report = table in {"mart_claim_check", "mart_comment_topic"}
        if "question_no" in columns and not is_of_the_report:
            replaced = ["question_no + 19 * copy as question_no"]
            replaced += [f"{c} + 19 * copy as {c}" for c in ("confidence_rank", "rank_sum") if c in columns]
            texts = {"question_key", "public_label", "short_reference"} & columns
            replaced += [f"{c} || case when copy > 0 then ' ' || copy else '' end as {c}" for c in texts]
            connection.execute(
                f"create or replace table {table} as select * replace ({', '.join(replaced)})"
                f" from {table}, range({questions // 19 + 1}) as copies (copy)"
                f" where question_no + 19 * copy <= {questions}"
            )
            columns_now = ", ".join(f'"{c}"' for c in columns)
            connection.execute(f"create or replace table {table} as select {columns_now} from {table}")
        if "round_id" in columns and not is_of_the_report:
            connection.execute(
                f"create or replace table {table} as select t.* replace (year as round_id)"
                f" from {table} as t, (select unnest(?) as year)",
                [years],
            )
        connection.execute(f"copy {table} to '{path}' (format parquet)")
    about = json.loads((release / "release.json").read_text(encoding="utf-8"))
    (release / "release.json").write_text(json.dumps({**about, "rounds": years, "latest_round": years[-1]}))
    return release


def _write_standalone_pages(folder: Path, notice: Notice) -> None:
    [suite, *_] = load_suites("raw")
    result = {
        "expectation": "expect_a_to_be_b()",
        "description": "A is B.",
        "is_blocking": False,
        "passed": False,
        "rows": 4,
        "failing_rows": 1,
    }
    write_data_docs(folder, [SuiteResults(suite, [result])], notice)
    column = ColumnDoc("question_no", "integer", "The question's number.", ("never null",))
    model = ModelDoc(
        name="mart_sample",
        layer="marts",
        audience="anyone",
        description="One row per question.",
        columns=(column,),
        tests=("one row per question_no",),
        built_from=(),
        raw=("answer",),
        used_by=(),
        sql="select 1 < 2",
    )
    write_model_docs(folder, [model], notice)


def _reference_data(connection: duckdb.DuckDBPyConnection) -> None:
    for seed in ("committees", "consortia", "local_authorities", "rating_scale", "rounds"):
        connection.execute(
            f"create table {seed} as select * from read_csv('{SEEDS}/{seed}.csv', header = true)"
        )
    for seed in ("questions", "question_sections", "sub_questions", "problem_codes", "quality_checks"):
        connection.execute(
            f"create table {seed} as select * from read_csv('{SEEDS}/{seed}.csv', header = true, delim = ',',"
            " quote = '\"', escape = '\"', all_varchar = true)"
        )
    connection.execute("""
        create table dim_round as select round_id::text as round_id, null::text as previous_round_id, title,
            fieldwork_start, fieldwork_end, closed_on, closed_on is null as is_provisional, question_set,
            is_illustrative, true as is_latest from rounds;
        create table dim_consortium as select * from consortia;
        create table dim_problem_code as select code as problem_code, * exclude (code) from problem_codes;
        create table dim_quality_check as select * exclude (public_subject) from quality_checks;
        create table dim_rating as select * from rating_scale;
        create table dim_local_authority as select * exclude (from_round) from local_authorities;
        create table dim_local_authority_round as
            select '2016' as round_id, * exclude (from_round) from local_authorities;
        create table dim_committee as select c.* exclude (from_round),
            count(l.local_authority_name) as local_authority_count, '2016' as last_round_id, true as is_current
            from committees as c left join local_authorities as l using (committee_id) group by all
            order by committee_id;
        create table dim_committee_round as select last_round_id as round_id,
            * exclude (last_round_id, is_current), true as is_invited, null::text as change from dim_committee;
        create table dim_question as select q.question_key, q.question_no::int as question_no,
            '2016' as round_id, q.short_reference, q.public_label, q.question_text, q.section_no::int as section_no,
            s.section_title, q.subheading,
            coalesce((select list(u.sub_question_text order by u.sub_question_no::int) from sub_questions as u
                where u.question_no = q.question_no), []) as sub_questions,
            null::text as change_since_previous, null::boolean as is_comparable_with_previous,
            null::text as comparability_note
            from questions as q join question_sections as s on s.section_no = q.section_no
            order by 2;
    """)


def _ratings(connection: duckdb.DuckDBPyConnection, counts: Mapping[int, tuple[int, int, int]]) -> None:
    with (SEEDS / "committees.csv").open(encoding="utf-8") as file:
        returned = [row for row in csv.DictReader(file) if row["committee_id"] not in NOT_RETURNED]
    rows = []
    for question_no, (green, amber, red) in counts.items():
        drawn = ["green"] * green + ["amber"] * amber + ["red"] * red
        random.Random(question_no).shuffle(drawn)
        rows += [
            (
                row["consortium_code"],
                row["committee_id"],
                question_no,
                rating,
                place < BLANKS.get(question_no, 0),
            )
            for place, (row, rating) in enumerate(zip(returned, drawn, strict=True))
        ]
    connection.execute(
        "create table rating (consortium_code text, committee_id text, question_no int, rating text, is_blank bool)"
    )
    connection.executemany("insert into rating values (?, ?, ?, ?, ?)", rows)


def _marts(connection: duckdb.DuckDBPyConnection) -> None:
    national = _RANKING.format(keys="question_no, 1 as one", part="one", exclude="one")
    local = _RANKING.format(keys="consortium_code, question_no", part="consortium_code", exclude="rank_sum")
    local = local.replace("exclude (rank_sum)", "")
    connection.execute(
        "create table extra (question_no int, report_label text, confidence_group text, comment text)"
    )
    connection.executemany(
        "insert into extra values (?, ?, ?, ?)",
        [(q, LABELS.get(q, ""), GROUPS.get(q, "medium"), COMMENTS.get(q)) for q in COUNTS],
    )
    connection.execute(f"""
        create table mart_question_ranking as select r.*, d.question_key, d.short_reference, d.public_label,
            case when e.report_label = '' then r.confidence_rank::text else e.report_label end as report_label,
            e.confidence_group, case e.confidence_group when 'medium' then 1 end as confidence_subgroup, e.comment,
            r.rated < 0.8 * r.returns as has_few_ratings
            from ({national}) as r join dim_question as d using (question_no) join extra as e using (question_no)
            order by confidence_rank, question_no;
        create table mart_consortium_ranking as select r.*, c.consortium_name, d.question_key, d.short_reference,
            d.public_label,
            r.returns < 5 as is_small_base, r.rated < 0.8 * r.returns as has_few_ratings,
            null::text as suppressed_because
            from ({local}) as r join dim_consortium as c using (consortium_code)
            join dim_question as d using (question_no)
            order by consortium_code, confidence_rank, question_no;
        create table mart_return_status as select '2016' as round_id, committee_id, committee_name,
            consortium_code,
            case when committee_id in {NOT_RETURNED} then 'not_returned' else 'returned' end as return_status,
            case committee_id when 'aberdeenshire' then 'Aberdeen City' end as duplicate_of_committee_name
            from dim_committee order by committee_id;
        create table mart_coverage as select '2016' as round_id,
            case when grouping(s.consortium_code) = 1 then 'all' else s.consortium_code end as consortium_code,
            case when grouping(s.consortium_code) = 1 then 'All consortia' else any_value(c.consortium_name) end
                as consortium_name,
            count(*) as invited, count(*) filter (where return_status = 'returned') as returned, 0 as rejected,
            count(*) filter (where return_status = 'not_returned') as not_returned,
            count(*) filter (where return_status = 'returned' and duplicate_of_committee_name is null)
                as distinct_contents,
            sum(local_authority_count)::int as local_authorities,
            coalesce(sum(local_authority_count) filter (where return_status = 'returned'), 0)::int
                as local_authorities_covered
            from mart_return_status as s join dim_committee as d using (committee_id)
            join dim_consortium as c on c.consortium_code = s.consortium_code
            group by grouping sets ((s.consortium_code), ()) order by consortium_code;
        create table mart_rank_robustness as select round_id, question_no, question_key, short_reference, public_label,
            confidence_rank, greatest(1, confidence_rank - 1) as best_rank_left_out,
            least(19, confidence_rank + 2) as worst_rank_left_out,
            confidence_rank + (question_no = 13)::int as rank_duplicates_once,
            {OTHER_RANKS},
            greatest(1, confidence_rank - 4) as best_rank_resampled,
            least(19, confidence_rank + 4) as worst_rank_resampled,
            greatest(1, confidence_rank - 6) as best_rank_missing, confidence_rank + 6 as worst_rank_missing,
            greatest(1, confidence_rank - 3) as best_rank_missing_drawn,
            confidence_rank + 3 as worst_rank_missing_drawn, null::text as suppressed_because
            from mart_question_ranking order by confidence_rank, question_no;
        create table mart_rank_pair as select a.round_id, a.question_no, a.short_reference,
            b.question_no as other_question_no, b.short_reference as other_short_reference,
            5000 as pair_resamples, 0.7 as above_share, 0.1 as equal_share,
            0.2 as below_share, a.question_no = 1 as has_clear_order
            from mart_question_ranking as a join mart_question_ranking as b on a.question_no < b.question_no;
        create table mart_group_stability as select round_id, question_no, short_reference, public_label,
            confidence_rank, confidence_group, 25 as left_out_runs, 0.1 as left_out_high_share,
            0.8 as left_out_medium_share,
            0.1 as left_out_low_share, 5000 as resamples, 0.2 as resample_high_share, 0.6 as resample_medium_share,
            0.2 as resample_low_share from mart_question_ranking;
        create table mart_ranking_reliability as select '2016' as round_id, 25 as returns, 4 as missing_returns,
            0.8 as few_ratings_below_share, 25 as left_out_runs, 5 as regrouping_runs,
            9 as most_questions_regrouped, 5000 as resamples, 0.9 as interval_share, 0.95 as clear_order_share,
            38 as interval_bounds, 4 as differing_bounds, 1 as largest_bound_difference;
        create table mart_question_change (round_id text, previous_round_id text, question_key text, question_no int,
            previous_question_no int, short_reference text, public_label text, change text, is_comparable bool,
            comparability_note text);
        create table mart_round_retention (round_id text, texts_kept_until date, purged_on date, decided_by_role text);
        create table mart_round_reopening (round_id text, reopening_no bigint, reopened_on date, reason text,
            decided_by_role text);
        create table mart_round_change (round_id text, previous_round_id text, question_no int,
            previous_question_no int, short_reference text, public_label text,
            returns_then int, returns_now int, green_then int, green_now int, amber_then int, amber_now int,
            red_then int, red_now int, rank_then int, rank_now int, confidence_group_then text,
            confidence_group_now text, compared_rank_then int, compared_rank_now int, places_gained int, matched int,
            only_then int, only_now int, unclear_before int, is_withheld bool, moved_up int, stayed int,
            moved_down int, matched_rank_then int, matched_rank_now int, is_reworded bool);
        create table mart_consortium_change (round_id text, previous_round_id text, consortium_code text,
            consortium_name text, question_no int, short_reference text, public_label text,
            green_then int, green_now int,
            amber_then int, amber_now int, red_then int, red_now int, returns_then int, returns_now int,
            compared_rank_then int, compared_rank_now int, is_small_base bool, has_other_members bool,
            suppressed_because text);
        create table mart_rating_flow (round_id text, previous_round_id text, rating_then text, rating_now text,
            committees int);
        create table mart_ranking_rule as select * from read_csv('{SEEDS}/ranking_rules.csv', header = true);
        create table mart_comment_topic as select round_id, question_no, short_reference, 'topic' as topic,
            'a topic' as definition, 3 as returns, 3 as comments from mart_question_ranking where question_no in (1, 2)
            order by question_no;
        create table mart_claim_check as select claim_id, round_id::text as round_id, section, paraphrase, metric,
            question_no, consortium_code, rating, is_hard,
            concat_ws(' ', nullif(comparison, '='), expected) as expected, expected as actual,
            case when not_checkable_reason is not null then 'not checkable'
                when contradiction is not null then 'report contradicts itself' else 'agrees' end as verdict,
            coalesce(not_checkable_reason, contradiction, threshold_note) as note,
            null::text as suppressed_because
            from read_csv('{SEEDS}/claims.csv', header = true, types = {{'expected': 'varchar'}});
        create table mart_suppression as select '2016' as round_id, 3 as minimum_base, true as protects_from_insiders,
            false as publishes_before_closing, false as has_consent, null::text as ratings_withheld_because,
            171 as consortium_counts, 0 as suppressed_counts;
        create table mart_disclosure_acceptance (round_id text, acceptance_no bigint, question_no int,
            accepted_on date, decided_by_role text, reason text);
        create table mart_decision_effect as select '2016' as round_id, null::text as suppressed_because,
            * from (values
            (1, 'blank_rating', 'Blank rating', 'question 8', 'estimate', 1, 'question 8 from 4 to 5',
                'Leaving the rating blank would move question 8 from 4 to 5.'),
            (2, 'duplicate_return', 'Duplicate return', 'Aberdeenshire', 'count_both', 0, null,
                'Counting Aberdeenshire once would move no rank.')
        ) as t (effect_no, check_name, title, subject, decision, questions_moved, moves, sentence);
        create table mart_data_quality_summary (round_id text, check_name text, title text, severity text,
            decision text, decided_by_role text, reason text, findings int, subjects text, explanation text);
    """)
    connection.executemany(
        "insert into mart_data_quality_summary values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", list(QUALITY)
    )
