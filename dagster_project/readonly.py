"""DuckDB files opened to be read, again and again in one process."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

_IDLE: list[duckdb.DuckDBPyConnection] = []
"""Engines without a file. To start one takes ten times as long as to give it a file, and a run opens twenty."""


@contextmanager
def read_only(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The database in a file, as the connection's own and only one. Its settings are DuckDB's; nobody changes them.

    Nobody else writes it meanwhile; afterwards somebody may. Raises `duckdb.Error` where it cannot be opened.
    """
    try:
        engine = _IDLE.pop()
    except IndexError:
        engine = duckdb.connect()
    try:
        with engine.cursor() as connection:
            connection.execute("attach ? as opened (read_only)", [str(path)])
            connection.execute("use opened")
            try:
                yield connection
            finally:
                connection.execute("use memory")
                connection.execute("detach opened")
    except BaseException:
        engine.close()
        raise
    _IDLE.append(engine)
