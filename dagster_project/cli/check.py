"""`selfeval check`: read returned files without loading them."""

import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from dagster_project.cli.printing import print_checked
from dagster_project.cli.terminal import AsJson, errors, escape
from dagster_project.home.entries import is_folder, list_entries
from dagster_project.paths import Home


def _parse_path(text: str) -> Path:
    if not text:
        raise typer.BadParameter("It is empty. Name a file or a folder.")
    return Path(text)


def check(
    files: Annotated[
        list[Path], typer.Argument(help="Returned files, or folders of them.", parser=_parse_path)
    ],
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

    home = Home.from_environment()
    rounds = {one.round_id: one for one in load_rounds(home.seeds)}
    if round_id is not None and round_id not in rounds:
        errors.print(f"There is no round '{escape(round_id)}'. Known: {', '.join(rounds)}.")
        raise typer.Exit(2)
    round_ = rounds[round_id] if round_id else list(rounds.values())[-1]
    found = [path for path in files if os.path.lexists(path)]
    missing = [path for path in files if path not in found]
    checked = checking.check_files(home, [entry for path in found for entry in _list_files(path)], round_)
    if as_json:
        typer.echo(json.dumps([asdict(one) for one in checked], indent=2))
    else:
        for one in checked:
            print_checked(one)
    for path in missing:
        errors.print(f"There is no file or folder '{escape(str(path))}'.", soft_wrap=True)
    if missing:
        raise typer.Exit(2)
    raise typer.Exit(1 if any(one.outcome == "rejected" for one in checked) else 0)


def _list_files(path: Path) -> list[Path]:
    """List the entries of a folder; a file, and a folder that may not be read, are listed as themselves."""
    try:
        return list_entries(path) if is_folder(path) else [path]
    except OSError:
        return [path]
