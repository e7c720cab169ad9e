"""`selfeval purge`: remove what the committees of a closed round typed."""

import subprocess
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from typing import Annotated, Any

import typer

from dagster_project.cli.terminal import console, errors, escape
from dagster_project.home.lock import RunInProgress, only_writer
from dagster_project.paths import Home
from dagster_project.seeds import SeedError


def purge(
    round_id: Annotated[str, typer.Argument(help="Closed and published round.")],
    reason: Annotated[str, typer.Option(help="Why: recorded with the date.")] = "",
    role: Annotated[str, typer.Option(help="Role of the person who decides; no name.")] = "",
    is_confirmed: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Delete the returned files and comments of a closed round for good. Later runs publish the same figures.

    Tries it in a copy first, with two runs. Exit 0 if it is done; 1 if nothing has changed.
    """
    from dagster_project.rounds import purging
    from dagster_project.rounds.registry import RoundError

    home = Home.from_environment()
    reason, role = " ".join(reason.split()), " ".join(role.split())
    if not reason or not role:
        raise typer.BadParameter("Give --reason and --role: they are recorded.")
    try:
        with only_writer(home), ExitStack() as cleanup:
            cleanup.callback(purging.discard_trial, home)
            trial = purging.prepare_trial(home, round_id)
            errors.print("First trial run ...")
            _run_trial(trial.home)
            purging.rename_findings(trial)
            errors.print("Second trial run ...")
            if different := purging.list_differences(_run_trial(trial.home)):
                raise RoundError(
                    "Nothing was purged. Without the texts the published figures would not be the same:\n"
                    + "\n".join(f"- {one}" for one in different)
                )
            if not is_confirmed:
                question = (
                    f"The figures stay the same. Delete all returned files of round {round_id} for good?"
                )
                typer.confirm(question, abort=True)
            count = purging.finish_purge(home, trial, reason, role)
    except (RoundError, SeedError, RunInProgress) as error:
        errors.print(escape(str(error)), soft_wrap=True)
        raise typer.Exit(1) from None
    console.print(
        f"Deleted {count} files of round {escape(round_id)} and the build. Ratings are kept without comments. "
        "Now run `selfeval run`, and delete backups and other copies of the files.",
        soft_wrap=True,
    )


def _run_trial(home: Home) -> Mapping[str, Any]:
    """Run the job in a trial home, in a process of its own: this one may have read another home."""
    from dagster_project.rounds.purging import read_report

    command = [
        sys.executable,
        "-m",
        "dagster_project.cli",
        "--home",
        str(home.root),
        "run",
        "--force",
        "--json",
    ]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)  # noqa: S603
    return read_report(done.stdout)
