"""`selfeval sql`: query the published database."""

import json
import sys
from typing import Annotated

import duckdb
import typer

from dagster_project.cli.published import require_published
from dagster_project.cli.terminal import AsJson, console, errors, escape

SETTINGS = {"ignore_unknown_options": True}
"""Settings of the command: a query may begin with a comment, which looks like an option."""


def sql(
    query: Annotated[
        str | None,
        typer.Argument(help="SQL query on the published tables. Without it, standard input is read."),
    ] = None,
    file: Annotated[
        typer.FileText | None,
        typer.Option("--file", "-f", encoding="utf-8-sig", help="File with the query; - is standard input."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Query the published database, read-only."""
    if query is not None and file is not None:
        raise typer.BadParameter("Give a query or a file, not both.")
    if query is not None and not query.strip():
        raise typer.BadParameter("The query is empty.")
    if query is None and file is None and sys.stdin.isatty():
        raise typer.BadParameter("Give a query, a file with -f, or a query on standard input.")
    path = require_published("self_evaluation.duckdb")
    try:
        text = query if query is not None else (file or sys.stdin).read()
        with duckdb.connect(str(path), read_only=True) as connection:
            if not connection.extract_statements(text):
                errors.print("The query is empty: it has no statement.")
                raise typer.Exit(1)
            answer = connection.sql(text)
            if answer is None:
                return
            if as_json:
                rows = [dict(zip(answer.columns, row, strict=True)) for row in answer.fetchall()]
                typer.echo(json.dumps(rows, indent=2, default=str))
            else:
                answer.show(max_rows=1000, max_width=console.width)
    except UnicodeDecodeError:
        errors.print("The query is not UTF-8 text.")
        raise typer.Exit(1) from None
    except duckdb.Error as error:
        errors.print(escape(str(error)))
        raise typer.Exit(1) from None
