"""`selfeval diff`: what differs between two releases."""

import json
from typing import Annotated

import duckdb
import typer

from dagster_project.cli.printing import print_revision
from dagster_project.cli.terminal import AsJson, console, errors, escape
from dagster_project.paths import Home
from dagster_project.release.catalog import ReleaseError, find_release, list_releases


def diff(
    before: Annotated[
        str | None, typer.Argument(help="Release, or the beginning of its id; the one before the other.")
    ] = None,
    after: Annotated[
        str | None, typer.Argument(help="Release to compare with it; the published one.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Print what differs between two releases: returns, ranks, and rows of tables by round.

    For the group's office and analysts: it says whose return changed.
    """
    from dagster_project.release.revisions import compare_releases

    home = Home.from_environment()
    try:
        known = [one.release_id for one in list_releases(home) if not one.fault]
        now = find_release(home, after) if after is not None else home.published.resolve().name
        if now not in known:
            raise ReleaseError("Nothing has been published yet. Run `selfeval run` first.")
        earlier = known[known.index(now) + 1 :]
        if before is None and not earlier:
            raise ReleaseError(f"There is no release before {now}.")
        then = find_release(home, before) if before is not None else earlier[0]
        revision = compare_releases(home.releases / then, home.releases / now)
    except (ReleaseError, duckdb.Error) as error:
        errors.print(escape(str(error)), soft_wrap=True)
        raise typer.Exit(1) from None
    if as_json:
        typer.echo(json.dumps({"after": now} | revision.to_dict(), indent=2))
        return
    console.print(escape(f"Release {now}"), soft_wrap=True)
    print_revision(revision)
