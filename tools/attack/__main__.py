"""List the ratings that a release's open data give away: `python -m tools.attack RELEASE/data/parquet`."""

import csv
import time
from pathlib import Path
from typing import Annotated

import typer

from dagster_project.paths import Home
from dagster_project.release.attack.duplicates import derive_duplicates
from dagster_project.release.attack.gate import describe_derived
from dagster_project.release.attack.inference import derive
from dagster_project.release.attack.reading import read_published


def main(
    folder: Annotated[Path, typer.Argument(help="Folder with the Parquet files of a release.")],
    seeds: Annotated[Path | None, typer.Option(help="Folder of the seeds; by default the home's.")] = None,
) -> None:
    """List what an outsider, and a committee that uses its own return, can work out."""
    started = time.monotonic()
    with ((seeds or Home.current().seeds) / "committee_successions.csv").open(encoding="utf-8") as file:
        successions = [
            (row["round_id"], row["from_committee_id"], row["to_committee_id"])
            for row in csv.DictReader(file)
        ]
    published = read_published(folder, successions)
    found = [*derive_duplicates(published), *derive(published)]
    for one in found:
        print(describe_derived(one))
    for source in published.unchecked:
        print(f"Ranks are published with withheld counts: {source}.")
    outside = sum(one.number for one in found if one.insider is None)
    inside = sum(one.number for one in found if one.insider is not None)
    print(
        f"Anybody can work out {outside} ratings; committees that know their own return {inside} others. "
        f"{time.monotonic() - started:.1f} s"
    )
    raise typer.Exit(bool(found or published.unchecked))


if __name__ == "__main__":
    typer.run(main)
