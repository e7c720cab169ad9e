"""One writer at a time: the lock of a home, and the clean-up after a writer that was killed.

Readers need no lock: `release/publish.py` switches them to a new release in one step of the file system.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from filelock import FileLock, Timeout

from dagster_project.home.files import NEW
from dagster_project.paths import Home

RETIRED = ".retired-"
"""Prefix of a release that is being deleted."""

MAX_WAIT_SECONDS = 1800
"""How long a run or a backup waits for another writer."""

MIN_WAIT_SECONDS = 0.3
"""A probe takes the lock for a moment to see whether it is free."""

TEMPORARY = ".run-"
"""Prefix of a folder that Dagster needs while `selfeval run` works."""


class RunInProgress(Exception):
    """Another process writes in this home. The message says what to do."""


def get_writer_lock(home: Home) -> FileLock:
    """Return the home's one lock. The process that has it can take it again.

    The system releases it when the process ends, however it ends.
    """
    home.build.mkdir(parents=True, exist_ok=True)
    return FileLock(home.build / "run.lock", is_singleton=True, thread_local=False, fallback_to_soft=False)


@contextmanager
def only_writer(home: Home, max_wait_seconds: float = 0) -> Iterator[None]:
    """Hold the lock for a writer of the home's build, releases or seeds.

    First deletes what killed writers left. Raises `RunInProgress` if another process keeps the lock for longer.
    """
    lock = get_writer_lock(home)
    try:
        lock.acquire(timeout=max(max_wait_seconds, MIN_WAIT_SECONDS), poll_interval=0.1)
    except Timeout:
        raise RunInProgress(
            f"Another run is at work in {home.build}. Wait until it has ended, then try again."
        ) from None
    try:
        if lock.lock_counter == 1:
            delete_leftovers(home)
        yield
    finally:
        lock.release()


def is_locked(home: Home) -> bool:
    """Return whether a process has the lock.

    For a moment this process takes it; writers wait longer than that.
    """
    lock = FileLock(home.build / "run.lock", fallback_to_soft=False)
    if not home.build.is_dir():
        return False
    try:
        with lock.acquire(blocking=False):
            return False
    except Timeout:
        return True


def delete_leftovers(home: Home) -> None:
    """Delete what killed writers left. Only for the process that has the lock: a running writer needs these files."""
    warehouse = home.published.parent
    for folder, pattern in (
        (warehouse, ".published.*"),
        (home.releases, f"{RETIRED}*"),
        (home.templates, f"{NEW}*"),
        (home.seeds, f"{NEW}*"),
        (home.build, "build.duckdb.tmp"),
        (home.dagster, f"{TEMPORARY}*"),
    ):
        for path in folder.glob(pattern):
            if path.is_dir() and not path.is_symlink():
                # A file that cannot be deleted now does no harm; the next writer tries again.
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)
    if not home.build_database.exists():
        # DuckDB refuses to create a database next to the log of a deleted one.
        home.build_database.with_name(f"{home.build_database.name}.wal").unlink(missing_ok=True)
