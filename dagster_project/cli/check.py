"""`selfeval check`: read returned files without loading them."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from dagster_project.cli.printing import print_checked
from dagster_project.cli.terminal import AsJson, errors
from dagster_project.paths import Home


def check(
    files: Annotated[list[Path], typer.Argument(help="Returned files, or folders of them.", exists=True)],
    round_id: Annotated[
        str | None, typer.Option("--round", help="Round whose questions apply; the latest.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Read returns without loading them and print their problems.

    Exit 0 if every file would be read, also with problems; 1 if a file would be rejected; 2 if a file or the round
    does not exist.
    """
    from dagster_project.raw import checking
    from dagster_project.seeds import load_rounds

    home = Home.current()
    rounds = {one.round_id: one for one in load_rounds(home.seeds)}
    if round_id is not None and round_id not in rounds:
        errors.print(f"There is no round '{escape(round_id)}'. Known: {', '.join(rounds)}.")
        raise typer.Exit(2)
    round_ = rounds[round_id] if round_id else list(rounds.values())[-1]
    listed = [entry for path in files for entry in (sorted(path.iterdir()) if path.is_dir() else [path])]
    checked = checking.check_files(home, listed, round_)
    if as_json:
        typer.echo(json.dumps([one.as_json() for one in checked], indent=2))
    else:
        for one in checked:
            print_checked(one)
    raise typer.Exit(1 if any(one.outcome == "rejected" for one in checked) else 0)
