"""Days that people type: as an option of a command, or as an answer to its question."""

import datetime
from contextlib import suppress

import duckdb
import typer

EXAMPLE = "2018-08-01 or 1 Aug 2018"


def parse_day(text: str) -> datetime.date:
    """Parse a day in any form in which a return may be dated. Raises `typer.BadParameter`."""
    from dagster_project.raw.models import render_sql

    # Returns are dated in this century only.
    with suppress(ValueError):
        return datetime.date.fromisoformat(text.strip())
    with duckdb.connect() as connection:
        query = render_sql("select {{ typed_date('$typed') }}")
        [(day,)] = connection.execute(query, {"typed": text}).fetchall()
    if not isinstance(day, datetime.date):
        raise typer.BadParameter(f"'{text}' is not a day such as {EXAMPLE}.")
    return day
