"""The build database as a landing opens it: its memory does not grow with the number of returns."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

ROW_GROUP_ROWS = 2_048
"""Rows that DuckDB compresses and writes together. It keeps its default of 122,880 in memory until they are
complete, which is every row of a round of 6,000 returns."""

MAX_MEMORY = "128MB"
"""More than one batch needs, also where every answer has the maximum length."""


@contextmanager
def open_build(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the build database for a landing, or create it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    settings: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": MAX_MEMORY,
        "threads": 1,
        "temp_directory": f"{path}.tmp",
    }
    with duckdb.connect(config=settings) as connection:
        connection.execute(f"attach ? as build (row_group_size {ROW_GROUP_ROWS})", [str(path)])
        connection.execute("use build")
        yield connection
