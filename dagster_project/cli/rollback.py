"""`selfeval rollback`: send readers back to an earlier release."""

from typing import Annotated

import typer

from dagster_project.cli.terminal import console, errors, escape
from dagster_project.home.lock import RunInProgress
from dagster_project.paths import Home
from dagster_project.release.catalog import ReleaseError, find_release


def rollback(
    release_id: Annotated[
        str, typer.Argument(help="A release that `selfeval releases` lists, or the beginning of its id.")
    ],
) -> None:
    """Let readers see an earlier release, in one step."""
    from dagster_project.release import publish

    if not release_id:
        raise typer.BadParameter("It is empty.", param_hint="RELEASE_ID")
    home = Home.from_environment()
    try:
        release_id = find_release(home, release_id)
        publish.roll_back_release(home, release_id)
    except (ReleaseError, RunInProgress) as error:
        errors.print(escape(str(error)))
        raise typer.Exit(1) from None
    console.print(
        f"Readers see {escape(release_id)}. It is kept for good, and stays published until `selfeval run` publishes "
        "another release.",
        soft_wrap=True,
    )
