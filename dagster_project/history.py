"""Dagster's log of events in SQLite, with each file opened once instead of several times for each event.

Dagster makes an engine for every statement, and an engine compiles each statement anew: for the hundreds of
events of a run that took longer than the models. Files and tables are Dagster's own, and so is all that reads
them.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property, lru_cache
from pathlib import Path
from sqlite3 import Connection as SqliteConnection
from typing import Any

from dagster import StringSource
from dagster._core.storage.event_log import SqliteEventLogStorage
from dagster._core.storage.event_log.sqlite.sqlite_event_log import INDEX_SHARD_NAME
from sqlalchemy import Connection, Engine, create_engine, event

OPEN_FILES = 8
"""One for each run that is written or looked at, and the index of all of them."""

BUSY_SECONDS = 30
"""So long a process waits for another that writes the same file."""


class EventLog(SqliteEventLogStorage):
    """The events of all runs below a folder that is Dagster's home."""

    def __init__(self, base_dir: str, inst_data: Any = None) -> None:
        # Before all else: to be made, the log is already asked.
        self._engine = lru_cache(OPEN_FILES)(self._make_engine)
        super().__init__(base_dir, inst_data)

    @classmethod
    def config_type(cls) -> dict[str, Any]:
        """The one setting: Dagster's home."""
        return {"home": StringSource}

    @classmethod
    def from_config_value(cls, inst_data: Any, config_value: Any) -> "EventLog":
        """The log where Dagster keeps it by default."""
        return cls(str(Path(config_value["home"]) / "history" / "runs"), inst_data)

    def run_connection(self, run_id: str | None = None) -> Any:
        """A transaction on the log of one run."""
        return self._transaction(str(run_id))

    def index_connection(self) -> Any:
        """A transaction on what all runs share."""
        return self._transaction(INDEX_SHARD_NAME)

    @cached_property
    def supports_asset_checks(self) -> bool:
        """Whether there are tables for checks, which Dagster asks at each event of one."""
        return bool(super().supports_asset_checks)

    @contextmanager
    def _transaction(self, shard: str) -> Iterator[Connection]:
        with self._engine(shard).begin() as connection:
            yield connection

    def _make_engine(self, shard: str) -> Engine:
        with super()._connect(shard):
            pass  # Makes the file and its tables where there are none.
        engine = create_engine(self.conn_string_for_shard(shard), connect_args={"timeout": BUSY_SECONDS})
        event.listen(engine, "connect", _without_sync)
        return engine


def _without_sync(connection: SqliteConnection, _: object) -> None:
    """Skip the wait for the disk: two of them at each event.

    A power cut may cost the history of runs, on which nothing depends. A release is synced by itself.
    """
    connection.execute("pragma synchronous = off")
