"""Put rows that Python knows into a table, in one statement: one for each row costs as much as a query."""

from collections.abc import Sequence
from typing import Any

import duckdb


def fill(connection: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Sequence[Any]]) -> None:
    """Append `rows`, whose values stand in the order of the table's columns."""
    if rows:
        columns = [list(column) for column in zip(*rows, strict=True)]
        values = ", ".join(["unnest(?)"] * len(columns))
        connection.execute(f'insert into "{table}" select {values}', columns)
