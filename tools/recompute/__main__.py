"""The command: `make recompute`, or `python -m tools.recompute` with another home."""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from tools.recompute.changes import CHANGES, make_changes, pair_rounds
from tools.recompute.compare import compare_tables, read_rows
from tools.recompute.history import find_previous
from tools.recompute.marts import Row
from tools.recompute.public import make_public
from tools.recompute.reference import make_reference
from tools.recompute.returns import read_round
from tools.recompute.seeds import read_seeds
from tools.recompute.tables import add_names, recompute_quality, recompute_tables

DECISIONS = ("estimate", "count_both", "accept")
"""Decisions that the statistics take into account. Others change which ratings count, and are not in the sample."""
NOT_RECOMPUTED = {
    "about_this_release": "says when and with which program the release was built",
    "comparability_note": "notes that the program words itself",
    "detail": "words of findings; some are about comments, which this program does not judge",
    "finding_id": "compared without the hash of the finding's content",
    "source_file": "file of a finding: files are recomputed as fct_return_version",
    "effect": "the effect of decisions is recomputed as mart_decision_effect",
    "suppressed_because": "what is withheld is a choice among safe ones: read from the table, and counted",
}
"""Tables and columns that are not recomputed, with the reason."""


def to_texts(rows: list[Row], columns: Iterable[str]) -> list[Row]:
    """Convert the columns of rows to texts: files of reference data have no types."""
    return [{name: _to_text(row[name]) for name in columns if name in row} for row in rows]


def _to_text(value: object) -> str:
    if isinstance(value, list):
        return "|".join(value)
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


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
    one, previous = read_round(home, round_id, reference), find_previous(reference, round_id)
    two = pair_rounds(one, read_round(home, previous, reference), reference) if previous else None
    tables = {str(row["table_name"]) for row in read_rows(database, "duckdb_tables()")}
    both = {name: read_rows(database, name, filter(None, (one.round_id, previous))) for name in tables}
    published = {
        name: [row for row in rows if row.get("round_id") in (None, one.round_id)]
        for name, rows in both.items()
    }
    own = recompute_tables(one, reference) | (make_changes(two) if two else {table: [] for table in CHANGES})
    own |= recompute_quality(one, reference, published)
    public = {name: rows for name, rows in both.items() if name.endswith("_public")}
    own |= make_public(one, reference, own, public, two)
    for table, rows in own.items():
        shown = set(published[table][0]) if published[table] else set()
        own[table] = add_names(one, reference, rows, shown)
    for table, rows in make_reference(one, reference).items():
        columns = sorted(published[table][0].keys() & rows[0].keys()) if published[table] and rows else []
        own[table] = to_texts(rows, columns)
        published[table] = to_texts(published[table], columns)
    results = [compare_tables(table, own[table], published[table]) for table in sorted(tables & own.keys())]
    for result in results:
        withheld = f", {result.withheld:,} withheld" if result.withheld else ""
        typer.echo(f"{result.table:30} {result.agreeing:6,} of {result.values:6,} values agree{withheld}")
        for column, difference in result.differences.items():
            typer.echo(f"    {column}: {difference}")
    values, agreeing = sum(r.values for r in results), sum(r.agreeing for r in results)
    typer.echo(f"{'Together':30} {agreeing:6,} of {values:6,} values agree")
    left_out = {(column, result.table) for result in results for column in result.not_recomputed}
    left_out |= {(table, "") for table in tables - {result.table for result in results}}
    typer.echo("Not recomputed:")
    for name in sorted({name for name, _ in left_out}):
        places = ", ".join(sorted(table for other, table in left_out if other == name and table))
        reason = NOT_RECOMPUTED.get(name, "no reason is stated")
        typer.echo(f"    {name}{f' ({places})' if places else ''}: {reason}")
    sys.exit(int(agreeing < values))


if __name__ == "__main__":
    app()
