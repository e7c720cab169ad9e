"""The `selfeval` command: a thin face. What it does is in the rooms; what is slow to import is imported late."""

import json
import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from dagster_project.cli.decide import EXAMPLE, decide
from dagster_project.cli.dev import dev
from dagster_project.cli.faults import Commands, with_remedy
from dagster_project.cli.printing import show_checked, show_report
from dagster_project.cli.rounds import rounds
from dagster_project.cli.terminal import AsJson, console, errors
from dagster_project.home.lock import RunInProgress
from dagster_project.paths import VARIABLE, Home
from dagster_project.release.catalog import ReleaseError
from dagster_project.release.retention import DEFAULT_RETENTION, MIN_RETENTION, RETENTION

app = typer.Typer(
    help="From returned self-evaluation templates to one audited, published release.",
    no_args_is_help=True,
    cls=Commands,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.command(help=EXAMPLE)(decide)
app.command()(dev)
app.add_typer(rounds, name="round")


@app.callback()
def main(
    home: Annotated[
        Path | None,
        typer.Option("--home", help="Folder of the data, instead of the repository's own.", file_okay=False),
    ] = None,
) -> None:
    """Set the home for this process and its children."""
    _require_utf8()
    if home is not None:
        os.environ[VARIABLE] = str(home.resolve())


def _require_utf8() -> None:
    """Refuse a locale that would decode file names differently: DuckDB and everything published use UTF-8."""
    if sys.getfilesystemencoding() != "utf-8":
        errors.print(
            "The locale of this terminal is not UTF-8. Set LC_ALL=C.UTF-8, then type the command again."
        )
        raise typer.Exit(1)


@app.command()
def run(
    keep: Annotated[
        int,
        typer.Option(envvar=RETENTION, min=MIN_RETENTION, help="Releases to keep; older ones are deleted."),
    ] = DEFAULT_RETENTION,
    force: Annotated[
        bool, typer.Option("--force", help="Run and publish even where nothing has changed.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Read the returns, build and audit the marts, publish a release.

    Exit 0 when it was published, or when nothing has changed since the release that readers see; 1 when something
    keeps it from being published.
    """
    from dagster_project.cli.job import run_job
    from dagster_project.seeds import SeedError
    from dagster_project.transform.project import DbtError

    home = Home.current()
    try:
        if as_json:
            report = run_job(home, lambda _: None, force=force, keep=keep)
        elif not console.is_terminal:
            report = run_job(home, lambda stage: errors.print(f"{stage} ..."), force=force, keep=keep)
        else:
            with console.status("starting") as status:
                report = run_job(home, lambda stage: status.update(stage), force=force, keep=keep)
    except (RunInProgress, SeedError, DbtError) as error:
        errors.print(f"[red]Nothing was published.[/red] {escape(with_remedy(str(error)))}")
        raise typer.Exit(1) from None
    if as_json:
        typer.echo(report.as_json())
    else:
        show_report(report, home)
    raise typer.Exit(0 if report.release_id or report.unchanged_since else 1)


@app.command()
def check(
    files: Annotated[list[Path], typer.Argument(help="Returned files, or folders of them.", exists=True)],
    round_id: Annotated[
        str | None, typer.Option("--round", help="Round whose questions apply; the latest.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Read returns without loading them and print their problems.

    Exit 0 when every file would be read, also one with problems; 1 when one would be rejected; 2 when a file or
    the round does not exist.
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
            show_checked(one)
    raise typer.Exit(1 if any(one.outcome == "rejected" for one in checked) else 0)


@app.command("releases")
def list_releases(
    verify: Annotated[bool, typer.Option("--verify", help="Compare every file with its checksum.")] = False,
    as_json: AsJson = False,
) -> None:
    """List the releases, the last made first, and what is wrong with one. Exit 1 when something is.

    Without --verify only the manifests are read, with it every file.
    """
    from dagster_project.release import catalog

    home = Home.current()
    found = catalog.list_releases(home)
    differences = {
        one.release_id: catalog.verify_release(home, one.release_id)
        if verify
        else tuple(filter(None, [one.fault]))
        for one in found
    }
    if as_json:
        typer.echo(
            json.dumps(
                [asdict(one) | {"differences": differences[one.release_id]} for one in found], indent=2
            )
        )
    else:
        table = Table("release", "made at", "rounds", "files", "MB", "published", "kept", "state")
        for one in found:
            faults = differences[one.release_id]
            table.add_row(
                one.release_id,
                one.made_at,
                ", ".join(one.rounds),
                str(one.files),
                f"{one.size_bytes / 1e6:.1f}",
                "yes" if one.is_published else "",
                "yes" if one.is_kept else "",
                escape("; ".join(faults)) or ("whole" if verify else "not verified"),
            )
        console.print(table)
    raise typer.Exit(1 if any(differences.values()) else 0)


@app.command()
def rollback(
    release_id: Annotated[str, typer.Argument(help="A release that `selfeval releases` lists.")],
) -> None:
    """Let readers see an earlier release, in one step."""
    from dagster_project.release import publish

    try:
        publish.rollback(Home.current(), release_id)
    except (ReleaseError, RunInProgress) as error:
        errors.print(escape(str(error)))
        raise typer.Exit(1) from None
    console.print(f"Readers see {escape(release_id)}. It is kept for good.")


def _published(part: str) -> Path:
    """A part of what readers see; ends the command with the remedy where there is none."""
    published = Home.current().published
    if (published / part).exists():
        return published / part
    if published.is_symlink():
        errors.print(
            f"The release that readers should see, {escape(published.readlink().name)}, is gone or not whole. "
            "Show one that `selfeval releases` lists with `selfeval rollback`, or make one with `selfeval run`.",
            soft_wrap=True,
        )
    else:
        errors.print("Nothing has been published yet. Run `selfeval run` first.")
    raise typer.Exit(1)


@app.command()
def sql(
    query: Annotated[str, typer.Argument(help="One SQL query on the published marts.")],
    as_json: AsJson = False,
) -> None:
    """Ask the published database a question, read-only."""
    import duckdb

    path = _published("self_evaluation.duckdb")
    try:
        with duckdb.connect(str(path), read_only=True) as connection:
            answer = connection.sql(query)
            if answer is None:
                return
            if as_json:
                rows = [dict(zip(answer.columns, row, strict=True)) for row in answer.fetchall()]
                typer.echo(json.dumps(rows, indent=2, default=str))
            else:
                answer.show(max_rows=1000, max_width=console.width)
    except duckdb.Error as error:
        errors.print(escape(str(error)))
        raise typer.Exit(1) from None


@app.command()
def site(port: Annotated[int, typer.Option(help="Port on this machine.")] = 8000) -> None:
    """Serve the published site on this machine until Ctrl-C."""
    from dagster_project.site import serve

    published = _published("site").parent
    try:
        server = serve.create_release_server(published, port)
    except OSError as error:
        errors.print(f"Port {port} cannot be used ({error.strerror}). Choose another with --port.")
        raise typer.Exit(1) from None
    console.print(f"http://127.0.0.1:{server.server_port}/   (Ctrl-C ends it)")
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass
    finally:
        server.server_close()


if __name__ == "__main__":
    app()
