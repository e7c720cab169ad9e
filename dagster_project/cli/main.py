"""The `selfeval` command: one module per sub-command. They import what is slow to import when they run."""

import os
import shlex
import sys
from importlib import metadata
from pathlib import Path
from typing import Annotated

import typer

from dagster_project.cli.backup import backup
from dagster_project.cli.check import check
from dagster_project.cli.decide import EXAMPLE, decide
from dagster_project.cli.dev import dev
from dagster_project.cli.diff import diff
from dagster_project.cli.disclosure import disclosure
from dagster_project.cli.faults import Commands
from dagster_project.cli.health import health
from dagster_project.cli.init import init
from dagster_project.cli.purge import purge
from dagster_project.cli.releases import list_releases
from dagster_project.cli.restore import restore
from dagster_project.cli.rollback import rollback
from dagster_project.cli.round import rounds
from dagster_project.cli.run import run
from dagster_project.cli.site import site
from dagster_project.cli.sql import SETTINGS as SQL_SETTINGS
from dagster_project.cli.sql import sql
from dagster_project.cli.terminal import console, errors, escape, repeat_in_hints
from dagster_project.home.create import is_home
from dagster_project.home.files import keep_files_private
from dagster_project.paths import VARIABLE, Home

app = typer.Typer(
    help="From returned self-evaluation templates to one audited, published release.",
    no_args_is_help=True,
    cls=Commands,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(init)
app.command()(run)
app.command()(check)
app.command(help=EXAMPLE)(decide)
app.add_typer(disclosure, name="disclosure")
app.add_typer(rounds, name="round")
app.command("releases")(list_releases)
app.command()(diff)
app.command()(rollback)
app.command(context_settings=SQL_SETTINGS)(sql)
app.command()(site)
app.command()(dev)
app.command()(health)
app.command()(backup)
app.command()(purge)
app.command()(restore)

CREATE_HOMES = ("init", "restore")
"""Commands that need no home."""


def _print_version(is_asked: bool) -> None:
    if is_asked:
        console.print(metadata.version("cpc-self-evaluation-warehouse"))
        raise typer.Exit


@app.callback()
def main(
    context: typer.Context,
    version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit."),
    ] = False,
    home: Annotated[
        str | None,
        typer.Option(
            "--home",
            envvar=VARIABLE,
            metavar="DIRECTORY",
            help="Folder of the data, instead of the repository's own with its invented sample.",
        ),
    ] = None,
) -> None:
    """Set the home for this process and its children, and keep all files that they create private."""
    keep_files_private()
    if sys.getfilesystemencoding() != "utf-8":
        # DuckDB and everything published would get file names that are decoded differently.
        errors.print(
            "The locale of this terminal is not UTF-8. Set LC_ALL=C.UTF-8, then type the command again."
        )
        raise typer.Exit(1)
    repeat_in_hints("")
    if home is not None:
        if not home.strip():
            raise typer.BadParameter(
                "It is empty. Name a folder, or leave the option out.", param_hint="--home"
            )
        given = context.get_parameter_source("home")
        os.environ[VARIABLE] = str(Path(home).resolve())
        repeat_in_hints(home if given and given.name == "COMMANDLINE" else "")
    current = Home.from_environment()
    if context.invoked_subcommand not in CREATE_HOMES and not is_home(current):
        errors.print(
            f"{escape(str(current.root))} is not a home: it has no dbt/seeds/rounds.csv. "
            f"Create one there: selfeval init {escape(shlex.quote(str(current.root)))}",
            soft_wrap=True,
        )
        raise typer.Exit(2)
