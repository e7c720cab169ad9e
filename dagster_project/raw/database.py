"""The build database as the landing opens it: with settings under which memory does not grow with the folder."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

ROW_GROUP_ROWS = 2_048
"""Rows that are compressed and written away at once. DuckDB's own 122,880 stay in memory until they are full:
at 19 rows a return, that is every round there is, and hundreds of megabytes for a large one."""

MEMORY = "128MB"
"""Above what a batch needs, also one whose every answer is as long as a cell can hold."""


@contextmanager
def open_build(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the build database for landing, as the connection's own; it is made where there is none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    settings: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": MEMORY,
        "threads": 1,
        "temp_directory": f"{path}.tmp",
    }
    with duckdb.connect(config=settings) as connection:
        connection.execute(f"attach ? as build (row_group_size {ROW_GROUP_ROWS})", [str(path)])
        connection.execute("use build")
        yield connection
