"""`selfeval run`: returned files to a published release."""

import subprocess
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from dagster_project.cli.faults import add_remedy
from dagster_project.cli.interrupts import INTERRUPTED, watch_interrupts
from dagster_project.cli.outcome import Outcome
from dagster_project.cli.printing import print_report
from dagster_project.cli.terminal import AsJson, console, errors, escape
from dagster_project.home.lock import RunInProgress
from dagster_project.home.notify import COMMAND, is_configured, send_message
from dagster_project.paths import Home
from dagster_project.release.retention import DEFAULT_RETENTION, MIN_RETENTION, RETENTION

if TYPE_CHECKING:
    from dagster_project.cli.report import Report


def run(
    keep: Annotated[
        int,
        typer.Option(envvar=RETENTION, min=MIN_RETENTION, help="Releases to keep; older ones are deleted."),
    ] = DEFAULT_RETENTION,
    force: Annotated[
        bool, typer.Option("--force", help="Run and publish even if nothing has changed.")
    ] = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", help="Name also the expectations that failed.")
    ] = False,
    notify: Annotated[
        bool, typer.Option("--notify", help=f"Give a message to the command in {COMMAND} if the run fails.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Read the returns, build and audit the marts, publish a release.

    Exit 0 if a release was published, or nothing has changed since the published release; 1 if nothing could be
    published; 2 if the command was wrong; 130 if it was stopped with Ctrl-C.
    """
    from dagster_project.seeds import SeedError
    from dagster_project.transform.project import DbtError

    if notify and not is_configured():
        raise typer.BadParameter(
            f"{COMMAND} is not set. It names the command that reads the message.", param_hint="--notify"
        )
    home = Home.from_environment()
    before = home.published.resolve()
    outcome = None
    try:
        report = _run_with_stages(home, keep=keep, force=force, is_quiet=as_json)
        outcome = Outcome.from_report(report)
    except KeyboardInterrupt:
        now = home.published.resolve()
        text = "Nothing was published." if now == before else f"Release {now.name} was published before."
        errors.print(f"Stopped. {text}")
        raise typer.Exit(INTERRUPTED) from None
    except Exception as error:
        outcome = Outcome.from_error(error)
        if not isinstance(error, RunInProgress | SeedError | DbtError):
            raise
        errors.print(f"[red]Nothing was published.[/red] {escape(add_remedy(str(error)))}", soft_wrap=True)
        raise typer.Exit(1) from None
    finally:
        if notify and outcome and outcome.exit_code:
            _send_message(outcome.describe(home))
    if as_json:
        typer.echo(report.to_json())
    else:
        print_report(report, home, is_verbose=verbose)
    raise typer.Exit(outcome.exit_code)


def _run_with_stages(home: Home, *, keep: int, force: bool, is_quiet: bool) -> "Report":
    """Run the job, and show its stages."""
    from dagster_project.cli.job import run_job

    with watch_interrupts() as is_interrupted:
        run = partial(run_job, home, force=force, keep=keep, is_interrupted=is_interrupted)
        if is_quiet:
            return run(lambda _: None)
        if not console.is_terminal:
            return run(lambda stage: errors.print(f"{stage} ..."))
        with console.status("starting") as status:
            return run(status.update)


def _send_message(message: str) -> None:
    try:
        send_message(message)
    except (OSError, subprocess.SubprocessError) as error:
        errors.print(f"The message could not be given to {COMMAND}: {escape(str(error))}", soft_wrap=True)
