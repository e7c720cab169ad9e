"""`selfeval sql`: query the published database."""

import json
from typing import Annotated

import duckdb
import typer

from dagster_project.cli.published import require_published
from dagster_project.cli.terminal import AsJson, console, errors, escape


def sql(
    query: Annotated[str, typer.Argument(help="One SQL query on the published marts.")],
    as_json: AsJson = False,
) -> None:
    """Ask the published database a question, read-only."""
    path = require_published("self_evaluation.duckdb")
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
