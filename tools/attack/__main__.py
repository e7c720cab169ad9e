"""List the ratings that a release's open data give away: `python -m tools.attack RELEASE/data/parquet`."""

import time
from pathlib import Path
from typing import Annotated

import typer

from dagster_project.paths import Home
from dagster_project.release.attack.duplicates import derive_duplicates
from dagster_project.release.attack.gate import describe_derived, read_public_figures
from dagster_project.release.attack.inference import derive_statuses


def main(folder: Annotated[Path, typer.Argument(help="Folder with the Parquet files of a release.")]) -> None:
    """List what anybody, and a committee that uses its own return, can work out."""
    started = time.monotonic()
    published = read_public_figures(Home.from_environment(), folder)
    found = [*derive_duplicates(published), *derive_statuses(published)]
    for one in found:
        print(describe_derived(one))
    for source in published.unchecked:
        print(f"Ranks are published with withheld counts: {source}.")
    outside = sum(one.number for one in found if one.insider is None)
    inside = sum(one.number for one in found if one.insider is not None)
    print(
        f"Anybody can work out {outside} ratings; a committee that uses its own return {inside} others. "
        f"{time.monotonic() - started:.1f} s"
    )
    raise typer.Exit(bool(found or published.unchecked))


if __name__ == "__main__":
    typer.run(main)
