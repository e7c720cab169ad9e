"""`selfeval init`: create a home."""

import shlex
import sys
from pathlib import Path
from typing import Annotated

import typer

from dagster_project.cli.terminal import console, errors, escape
from dagster_project.paths import Home


def init(
    folder: Annotated[Path, typer.Argument(help="New or empty folder, outside of the program's own.")],
    sample: Annotated[
        bool, typer.Option("--sample", help="With the invented round 2016, to try things out.")
    ] = False,
    git: Annotated[
        bool | None,
        typer.Option(
            "--git/--no-git", help="Make reference data and decisions a Git repository of their own."
        ),
    ] = None,
) -> None:
    """Create a home: the folder of your own rounds, returns, decisions and releases.

    It begins with the committees and questions of 2016, and without any round.
    """
    from dagster_project.home.create import HomeError, create_home

    if git is None:
        is_terminal = sys.stdin.isatty() and sys.stdout.isatty()
        git = is_terminal and typer.confirm(
            "Keep reference data and decisions in a Git repository?", default=True
        )
    home = Home(folder.resolve())
    try:
        create_home(home, with_sample=sample, with_git=git)
    except HomeError as error:
        errors.print(escape(str(error)), soft_wrap=True)
        raise typer.Exit(1) from None
    typed = shlex.quote(str(home.root))
    command = f"selfeval --home {typed}"
    following = f"{command} run" if sample else f"{command} round new 2018"
    for line in (
        f"Created {home.root}.",
        f"Name it with each command, or once: export SELFEVAL_HOME={typed}",
        f"Then: {following}",
    ):
        console.print(escape(line), soft_wrap=True)
