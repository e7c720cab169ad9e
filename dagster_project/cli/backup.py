"""`selfeval backup`: write the home into one file."""

import json
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer

from dagster_project.cli.terminal import AsJson, console, errors, escape
from dagster_project.home.backup import write_backup
from dagster_project.home.create import HomeError
from dagster_project.home.lock import MAX_WAIT_SECONDS, RunInProgress, only_writer
from dagster_project.paths import Home


def backup(
    file: Annotated[Path, typer.Argument(help="New file outside of the home, such as home.tar.gz.")],
    as_json: AsJson = False,
) -> None:
    """Write the home into one file: returns, reference data, decisions, releases. Not the build.

    The backup waits until a run has ended, at most half an hour. The file is as confidential as the returns.
    Exit 0 if it is complete, 1 if nothing was written.
    """
    home = Home.from_environment()
    try:
        with ExitStack() as held:
            try:
                held.enter_context(only_writer(home))
            except RunInProgress:
                errors.print("A run is at work. The backup begins when it has ended.")
                held.enter_context(only_writer(home, MAX_WAIT_SECONDS))
            written = write_backup(home, file)
    except (HomeError, RunInProgress) as error:
        errors.print(escape(str(error)), soft_wrap=True)
        raise typer.Exit(1) from None
    if as_json:
        about = {"file": str(file), "bytes": file.stat().st_size, "files": len(written.files)}
        typer.echo(json.dumps(about | {"made_at": written.made_at, "published": written.published}, indent=2))
        return
    console.print(
        escape(f"{len(written.files)} files in {file}, {file.stat().st_size / 1e6:.1f} MB."), soft_wrap=True
    )
    console.print(
        "It contains comments: only its owner can read it. Encrypt it before you copy it elsewhere."
    )
