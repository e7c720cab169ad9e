"""The cost of the example queries on the published file and on the build database: `python -m tools.bench.query`."""

import json
import statistics
import time
from pathlib import Path
from typing import Annotated

import duckdb
import typer

from dagster_project.paths import REPOSITORY, Home

EXAMPLES = sorted((REPOSITORY / "docs" / "examples").glob("*.sql"))


def measure_queries(database: Path, schema: str, repeats: int) -> dict[str, float]:
    """Measure the median processor milliseconds of each example, including fetching the rows."""
    found = {}
    with duckdb.connect(str(database), read_only=True) as connection:
        connection.execute(f"set schema = '{schema}'")
        for example in EXAMPLES:
            query, times = example.read_text(encoding="utf-8"), []
            for _ in range(repeats + 1):
                started = time.process_time()
                connection.execute(query).fetchall()
                times.append(1000 * (time.process_time() - started))
            found[example.stem] = statistics.median(times[1:])
    return found


def main(
    repeats: Annotated[
        int, typer.Option(help="Repeats of each query, after a first one that is not counted.")
    ] = 5,
) -> None:
    """Measure the latest build and release, and print."""
    home = Home.from_environment()
    published = measure_queries(home.published / "self_evaluation.duckdb", "main", repeats)
    build = measure_queries(home.build_database, "marts", repeats)
    figures = {
        "queries": len(EXAMPLES),
        "cpu_ms_published": round(sum(published.values()), 2),
        "cpu_ms_build": round(sum(build.values()), 2),
        "published_to_build": round(sum(published.values()) / sum(build.values()), 3),
        "costliest_ms": {
            name: round(ms, 2) for name, ms in sorted(published.items(), key=lambda one: -one[1])[:3]
        },
    }
    typer.echo(json.dumps(figures, indent=2))


if __name__ == "__main__":
    typer.run(main)
