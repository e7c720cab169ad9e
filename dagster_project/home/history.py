"""What Dagster keeps of runs: how its events are stored here, what they tell, and when they go.

Events are in SQLite, with each file opened once instead of several times for each event. Dagster makes an engine for
every statement, and an engine compiles each statement anew: for the hundreds of events of a run that took longer than
the models. Files and tables are Dagster's own, and so is all that reads them. A home may have another storage.
"""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property, lru_cache
from pathlib import Path
from sqlite3 import Connection as SqliteConnection
from typing import Any
from weakref import WeakSet

from dagster import DagsterInstance, DagsterRunStatus, RunsFilter, StringSource
from dagster._core.storage.event_log import SqlEventLogStorage, SqliteEventLogStorage
from dagster._core.storage.event_log.schema import SqlEventLogStorageTable
from dagster._core.storage.event_log.sqlite.sqlite_event_log import INDEX_SHARD_NAME
from sqlalchemy import Connection, Engine, create_engine, event, select

OPEN_FILES = 8
"""One for each run that is written or looked at, and the index of all of them."""

BUSY_SECONDS = 30
"""So long a process waits for another that writes the same file."""

KEPT_RUNS = 100
"""So many runs that have ended are remembered, the last ones: each is two megabytes, and a sensor starts many."""

_ENDED = [DagsterRunStatus.SUCCESS, DagsterRunStatus.FAILURE, DagsterRunStatus.CANCELED]


def events_since(
    instance: DagsterInstance, moment: datetime.datetime, run_id: str
) -> Iterator[tuple[str, str]]:
    """What was told by runs that went on after a moment, and by this one: its run's id, and each event as stored."""
    log = instance.event_log_storage
    assert isinstance(log, SqlEventLogStorage), "Dagster keeps its events in SQLite or PostgreSQL"
    for told_by in {run_id, *instance.get_run_ids(RunsFilter(updated_after=moment))}:
        events = select(SqlEventLogStorageTable.c.event).where(SqlEventLogStorageTable.c.run_id == told_by)
        with log.run_connection(told_by) as connection:
            yield from ((told_by, str(text)) for (text,) in connection.execute(events))


def forget_old_runs(instance: DagsterInstance, keep: int = KEPT_RUNS) -> None:
    """Let the history of all but the last runs go. What they published stays."""
    for run_id in instance.get_run_ids(RunsFilter(statuses=_ENDED))[keep:]:
        instance.delete_run(run_id)


class EventLog(SqliteEventLogStorage):
    """The events of all runs below a folder that is Dagster's home."""

    def __init__(self, base_dir: str, inst_data: Any = None) -> None:
        # Before all else: to be made, the log is already asked.
        self._engine = lru_cache(OPEN_FILES)(self._make_engine)
        self._engines: WeakSet[Engine] = WeakSet()
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

    def delete_events(self, run_id: str) -> None:
        """Forget a run, with its file."""
        super().delete_events(run_id)
        # Whoever still has the file open keeps it. Asked for again, it is made anew.
        self._close()
        self._initialized_dbs.discard(run_id)
        for path in Path(self.path_for_shard(run_id)).parent.glob(f"{run_id}.db*"):
            path.unlink(missing_ok=True)

    def dispose(self) -> None:
        """Close what is open: what was written beside a file until then comes into it."""
        super().dispose()
        self._close()

    @cached_property
    def supports_asset_checks(self) -> bool:
        """Whether there are tables for checks, which Dagster asks at each event of one."""
        return bool(super().supports_asset_checks)

    @contextmanager
    def _transaction(self, shard: str) -> Iterator[Connection]:
        with self._engine(shard).begin() as connection:
            yield connection

    def _close(self) -> None:
        self._engine.cache_clear()
        for engine in list(self._engines):
            engine.dispose()

    def _make_engine(self, shard: str) -> Engine:
        with super()._connect(shard):
            pass  # Makes the file and its tables where there are none.
        engine = create_engine(self.conn_string_for_shard(shard), connect_args={"timeout": BUSY_SECONDS})
        event.listen(engine, "connect", _without_sync)
        self._engines.add(engine)
        return engine


def _without_sync(connection: SqliteConnection, _: object) -> None:
    """Skip the wait for the disk: two of them at each event.

    A power cut may cost the history of runs, on which nothing depends. A release is synced by itself.
    """
    connection.execute("pragma synchronous = off")
