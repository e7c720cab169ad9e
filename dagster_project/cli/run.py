"""`selfeval run`: returned files to a published release."""

from typing import Annotated

import typer

from dagster_project.cli.faults import add_remedy
from dagster_project.cli.interrupts import watch_interrupts
from dagster_project.cli.printing import print_report
from dagster_project.cli.terminal import AsJson, console, errors, escape
from dagster_project.home.lock import RunInProgress
from dagster_project.paths import Home
from dagster_project.release.retention import DEFAULT_RETENTION, MIN_RETENTION, RETENTION

STOPPED = 130
"""Exit code after Ctrl-C, as shells expect it."""


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
    as_json: AsJson = False,
) -> None:
    """Read the returns, build and audit the marts, publish a release.

    Exit 0 if a release was published, or nothing has changed since the published release; 1 if nothing could be
    published; 130 if it was stopped with Ctrl-C.
    """
    from dagster_project.cli.job import run_job
    from dagster_project.seeds import SeedError
    from dagster_project.transform.project import DbtError

    home = Home.current()
    before = home.published.resolve()
    try:
        with watch_interrupts() as is_interrupted:
            if as_json:
                report = run_job(home, lambda _: None, force=force, keep=keep)
            elif not console.is_terminal:
                report = run_job(home, lambda stage: errors.print(f"{stage} ..."), force=force, keep=keep)
            else:
                with console.status("starting") as status:
                    report = run_job(home, lambda stage: status.update(stage), force=force, keep=keep)
            if is_interrupted() and not report.release_id:
                raise KeyboardInterrupt
    except KeyboardInterrupt:
        now = home.published.resolve()
        outcome = "Nothing was published." if now == before else f"Release {now.name} was published before."
        errors.print(f"Stopped. {outcome}")
        raise typer.Exit(STOPPED) from None
    except (RunInProgress, SeedError, DbtError) as error:
        errors.print(f"[red]Nothing was published.[/red] {escape(add_remedy(str(error)))}", soft_wrap=True)
        raise typer.Exit(1) from None
    if as_json:
        typer.echo(report.as_json())
    else:
        print_report(report, home, is_verbose=verbose)
    raise typer.Exit(0 if report.release_id or report.unchanged_since else 1)
