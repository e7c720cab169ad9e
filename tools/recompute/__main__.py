"""The command: `make recompute`, or `python -m tools.recompute` with another home."""

import sys
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from tools.recompute.compare import compare, read_rows
from tools.recompute.marts import Row, make_coverage, make_marts, make_statuses
from tools.recompute.returns import read_csv, read_round

RESAMPLES = 5000
DECISIONS = ("estimate", "count_both", "accept")
"""Decisions that the statistics take into account. Others change which ratings count, and are not in the sample."""

COPIES = {
    "dim_consortium": "consortia",
    "dim_rating": "rating_scale",
    "mart_ranking_rule": "ranking_rules",
}
"""Tables that are reference data, each with its file."""


def read_copies(seeds: Path, published: dict[str, list[Row]]) -> dict[str, list[Row]]:
    """Read reference data as texts, and turn the published rows into texts."""
    copies = {}
    for table, name in COPIES.items():
        columns = published[table][0].keys()
        published[table] = [{key: _format(value) for key, value in row.items()} for row in published[table]]
        copies[table] = [
            {key: value for key, value in row.items() if key in columns}
            for row in read_csv(seeds / f"{name}.csv")
        ]
    return copies


def _format(value: object) -> str:
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def count_topics(seeds: Path, round_id: str, comments: dict[tuple[str, int], str]) -> list[Row]:
    """`mart_comment_topic`: how many returns mention each topic, from the codes that people gave to comments."""
    codes = {
        (row["committee_id"], int(row["question_no"])): row["topics"].split("|")
        for row in read_csv(seeds / "comment_codes.csv")
        if row["round_id"] == round_id
    }
    sets = {row["round_id"]: row["question_set"] for row in read_csv(seeds / "rounds.csv")}
    rows = []
    for row in read_csv(seeds / "comment_topics.csv"):
        if row["question_set"] == sets[round_id]:
            question = int(row["question_no"])
            written = [name for name, number in comments if number == question]
            coded = [name for name in written if (name, question) in codes]
            rows.append(
                {
                    "round_id": round_id,
                    "question_no": question,
                    "topic": row["topic"],
                    "definition": row["definition"],
                    "comments": len(written),
                    "coded_comments": len(coded),
                    "returns": sum(row["topic"] in codes[name, question] for name in coded),
                }
            )
    return rows


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
    other = {row["decision"] for row in read_csv(seeds / "decisions.csv")} - set(DECISIONS)
    if other:
        raise typer.BadParameter(f"Decisions of this home are not recomputed: {', '.join(sorted(other))}.")
    one, comments = read_round(home, round_id)
    authorities = Counter(row["committee_id"] for row in read_csv(seeds / "local_authorities.csv"))
    names = {row["committee_id"]: row["committee_name"] for row in read_csv(seeds / "committees.csv")}
    recomputed = make_marts(
        one, [row["consortium_code"] for row in read_csv(seeds / "consortia.csv")], RESAMPLES
    )
    recomputed["fct_rating"] = [
        row | {"has_comment": (row["committee_id"], row["question_no"]) in comments}
        for row in recomputed["fct_rating"]
    ]
    recomputed["mart_coverage"] = list(make_coverage(one, authorities))
    recomputed["mart_return_status"] = list(make_statuses(one, names))
    recomputed["mart_comment_topic"] = count_topics(seeds, round_id, comments)
    tables = {str(row["table_name"]) for row in read_rows(database, "duckdb_tables()")} - {
        "about_this_release"
    }
    published = {table: read_rows(database, table, [round_id]) for table in recomputed}
    published |= {table: read_rows(database, table) for table in COPIES}
    recomputed |= read_copies(seeds, published)
    results = [compare(table, recomputed[table], published[table]) for table in sorted(recomputed)]
    for result in results:
        typer.echo(f"{result.table:26} {result.agreeing:6,} of {result.values:6,} values agree")
        for column, difference in result.differences.items():
            typer.echo(f"    {column}: {difference}")
    values, agreeing = sum(r.values for r in results), sum(r.agreeing for r in results)
    typer.echo(f"{'Together':26} {agreeing:6,} of {values:6,} values agree")
    typer.echo(f"Not recomputed: {', '.join(sorted(tables - recomputed.keys()))}")
    sys.exit(int(agreeing < values))


if __name__ == "__main__":
    app()
