"""`selfeval restore`: create a home from a backup."""

from pathlib import Path
from typing import Annotated

import typer

from dagster_project.cli.terminal import console, errors, escape
from dagster_project.home.backup import restore_backup
from dagster_project.home.create import HomeError
from dagster_project.paths import Home


def restore(
    file: Annotated[
        Path, typer.Argument(help="File that `selfeval backup` wrote.", exists=True, dir_okay=False)
    ],
) -> None:
    """Create a home from a backup, in the new or empty folder that --home names.

    Every file is compared with its hash first. Exit 0 if the home is complete, 1 if nothing was restored.
    """
    home = Home.from_environment()
    try:
        restored = restore_backup(file, home)
    except HomeError as error:
        errors.print(escape(str(error)), soft_wrap=True)
        raise typer.Exit(1) from None
    for line in (
        f"Restored {len(restored.files)} files of {restored.made_at} in {home.root}.",
        f"Readers see release {restored.published}." if restored.published else "Nothing was published.",
        "Without a build there are no findings to decide until a run: selfeval run --force",
    ):
        console.print(escape(line), soft_wrap=True)
