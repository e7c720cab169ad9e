"""One writer at a time: the lock that every door to a home passes, and what a writer that died left behind.

Readers need no lock: what they see is changed by one step of the file system, in `release/publish.py`.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from dagster_project.paths import Home

RETIRED = ".retired-"
"""How the name of a release begins while it is being deleted."""


class RunInProgress(Exception):
    """Somebody else is writing in this home. The message says what to do."""


def lock_of(home: Home) -> FileLock:
    """The home's one lock. Who has it in a process can take it again there.

    The system lets go of it when its holder ends, however it ends: none can be left behind.
    """
    home.build.mkdir(parents=True, exist_ok=True)
    return FileLock(home.build / "run.lock", is_singleton=True, thread_local=False, fallback_to_soft=False)


@contextmanager
def only_writer(home: Home, wait: float = 0) -> Iterator[None]:
    """Be the only one who writes in a home: its build, its releases, its seeds.

    Waits so many seconds for another to end, then raises `RunInProgress`. First clears away what one that was
    killed left; until the end, temporary files of any library are made in the home's build.
    """
    lock = lock_of(home)
    try:
        lock.acquire(timeout=wait, poll_interval=0.2)
    except Timeout:
        raise RunInProgress(
            f"Another run is at work in {home.build}. Wait until it has ended, then try again."
        ) from None
    try:
        if lock.lock_counter > 1:
            yield
            return
        sweep(home)
        with _temporary_files_in(home.build / "tmp"):
            yield
    finally:
        lock.release()


def sweep(home: Home) -> None:
    """Delete what killed writers left. For the only writer: a living one would still need it."""
    warehouse = home.published.parent
    for folder, pattern in (
        (warehouse, ".published.*"),
        (home.releases, f"{RETIRED}*"),
        (home.templates, ".new-*"),
        (home.seeds, ".new-*"),
        (home.build, "tmp"),
        (home.build, "build.duckdb.tmp"),
    ):
        for path in folder.glob(pattern):
            if path.is_dir() and not path.is_symlink():
                # What cannot be deleted now is in nobody's way, and is tried again next time.
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)
    if not home.build_database.exists():
        # The log of a database that somebody has deleted: DuckDB would not start a new one beside it.
        home.build_database.with_name(f"{home.build_database.name}.wal").unlink(missing_ok=True)


@contextmanager
def _temporary_files_in(folder: Path) -> Iterator[None]:
    """Those of this process, of which the module may have been asked before, and those of its children."""
    before, named = tempfile.tempdir, os.environ.get("TMPDIR")
    folder.mkdir(exist_ok=True)
    tempfile.tempdir = os.environ["TMPDIR"] = str(folder)
    try:
        yield
    finally:
        tempfile.tempdir = before
        if named is None:
            del os.environ["TMPDIR"]
        else:
            os.environ["TMPDIR"] = named
        shutil.rmtree(folder, ignore_errors=True)
