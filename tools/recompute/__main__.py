"""The command: `make recompute`, or `python -m tools.recompute` with another home."""

import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from tools.recompute.claims import make_claims
from tools.recompute.compare import compare, read_rows
from tools.recompute.decisions import make_effects
from tools.recompute.marts import Row, make_consortium_ranking, make_coverage, make_marts, make_statuses
from tools.recompute.metrics import make_metrics, measure
from tools.recompute.reference import make_details, make_reference, make_returns, make_versions
from tools.recompute.returns import CsvRow, read_round, read_seeds
from tools.recompute.round import Round

RESAMPLES = 5000
DECISIONS = ("estimate", "count_both", "accept")
"""Decisions that the statistics take into account. Others change which ratings count, and are not in the sample."""


CHANGES = (
    "fct_rating_change",
    "mart_consortium_change",
    "mart_question_change",
    "mart_rating_flow",
    "mart_round_change",
)
"""Tables that compare two rounds: of a home with one round, they are empty."""


def write_texts(rows: list[Row], columns: Iterable[str]) -> list[Row]:
    """The columns of rows as texts: files of reference data have no types."""
    return [{name: _write(row[name]) for name in columns if name in row} for row in rows]


def _write(value: object) -> str:
    if isinstance(value, list):
        return "|".join(value)
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def count_topics(one: Round, seeds: dict[str, list[CsvRow]]) -> list[Row]:
    """`mart_comment_topic`: how many returns mention each topic, from the codes that people gave to comments."""
    codes = {
        (row["committee_id"], int(row["question_no"])): row["topics"].split("|")
        for row in seeds["comment_codes"]
        if row["round_id"] == one.round_id
    }
    sets = {row["round_id"]: row["question_set"] for row in seeds["rounds"]}
    rows = []
    for row in seeds["comment_topics"]:
        if row["question_set"] == sets[one.round_id]:
            question = int(row["question_no"])
            written = [name for name, number in one.comments if number == question]
            coded = [name for name in written if (name, question) in codes]
            rows.append(
                {
                    "round_id": one.round_id,
                    "question_no": question,
                    "topic": row["topic"],
                    "definition": row["definition"],
                    "comments": len(written),
                    "coded_comments": len(coded),
                    "returns": sum(row["topic"] in codes[name, question] for name in coded),
                }
            )
    return rows


def recompute(one: Round, seeds: dict[str, list[CsvRow]]) -> dict[str, list[Row]]:
    """The rows of each table, computed from the answers of a round."""
    authorities = Counter(row["committee_id"] for row in seeds["local_authorities"])
    names = {row["committee_id"]: row["committee_name"] for row in seeds["committees"]}
    tables = make_marts(one, [row["consortium_code"] for row in seeds["consortia"]], RESAMPLES)
    tables["fct_rating"] = [
        row | {"has_comment": (row["committee_id"], row["question_no"]) in one.comments}
        for row in tables["fct_rating"]
    ]
    values = measure(one, seeds, authorities)
    if len(seeds["rounds"]) == 1:
        # Nothing changed since another round.
        tables |= {table: [] for table in CHANGES}
    return tables | {
        "fct_return": list(make_returns(one)),
        "fct_return_version": list(make_versions(one)),
        "mart_claim_check": list(make_claims(one, seeds, values)),
        "mart_comment_topic": count_topics(one, seeds),
        "mart_coverage": list(make_coverage(one, authorities)),
        "mart_decision_effect": list(make_effects(one, seeds)),
        "mart_metric": list(make_metrics(one, values)),
        "mart_return_status": list(make_statuses(one, names)),
        "rating_detail": list(make_details(one, seeds)),
    }


def make_public(
    one: Round, seeds: dict[str, list[CsvRow]], own: list[Row], published: list[Row], table: str
) -> list[Row]:
    """The public form of a table. Which values are withheld is not recomputed: it is read from the published rows."""
    if table == "mart_consortium_ranking":
        withheld = frozenset(
            (row["consortium_code"], row["question_no"]) for row in published if row["suppressed_because"]
        )
        codes = [row["consortium_code"] for row in seeds["consortia"]]
        own = list(make_consortium_ranking(one, codes, withheld))
    shown = set(published[0]) if published else set()
    return [{name: value for name, value in row.items() if name in shown} for row in own]


app = typer.Typer(add_completion=False)


@app.command()
def main(
    home: Annotated[Path, typer.Option(help="Folder of the returns and the published release.")] = Path(),
    round_id: Annotated[str, typer.Option("--round", help="Round to recompute.")] = "2016",
) -> None:
    """Recompute the published tables from the returned files and print how many values agree."""
    database, seeds = home / "warehouse" / "published" / "self_evaluation.duckdb", home / "dbt" / "seeds"
    if not database.exists():
        raise typer.BadParameter("Nothing is published in this home: run `make run` first.")
    reference = read_seeds(seeds)
    other = {row["decision"] for row in reference["decisions"]} - set(DECISIONS)
    if other:
        raise typer.BadParameter(f"Decisions of this home are not recomputed: {', '.join(sorted(other))}.")
    one = read_round(home, round_id, reference)
    recomputed, texts = recompute(one, reference), make_reference(one, reference)
    tables = {str(row["table_name"]) for row in read_rows(database, "duckdb_tables()")} - {
        "about_this_release"
    }
    published = {table: read_rows(database, table, [one.round_id]) for table in (*recomputed, *texts)}
    for table, rows in texts.items():
        columns = sorted(published[table][0].keys() & rows[0].keys()) if published[table] and rows else []
        recomputed[table] = write_texts(rows, columns)
        published[table] = write_texts(published[table], columns)
    for table in sorted(tables):
        own = table.removesuffix("_public")
        if own != table and own in recomputed:
            published[table] = read_rows(database, table, [one.round_id])
            recomputed[table] = make_public(one, reference, recomputed[own], published[table], own)
    results = [compare(table, recomputed[table], published[table]) for table in sorted(recomputed)]
    for result in results:
        withheld = f", {result.withheld:,} withheld" if result.withheld else ""
        typer.echo(f"{result.table:30} {result.agreeing:6,} of {result.values:6,} values agree{withheld}")
        for column, difference in result.differences.items():
            typer.echo(f"    {column}: {difference}")
    values, agreeing = sum(r.values for r in results), sum(r.agreeing for r in results)
    typer.echo(f"{'Together':30} {agreeing:6,} of {values:6,} values agree")
    typer.echo(f"Not recomputed: {', '.join(sorted(tables - recomputed.keys()))}")
    sys.exit(int(agreeing < values))


if __name__ == "__main__":
    app()
