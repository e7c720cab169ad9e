"""The worker process returns what validation in this process returns, and no failure of it counts as passed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from multiprocessing import active_children
from pathlib import Path

import duckdb
import pytest

from dagster_project.audit.suites import load_suites
from dagster_project.audit.validate import validate_suite
from dagster_project.audit.worker import AuditError, start_worker, stop_worker, validate_suites
from dagster_project.paths import REPOSITORY

SUITE = replace(
    load_suites("marts")[0],
    query="select * from answers",
    keys=("file",),
    expectations=(
        {"type": "expect_column_values_to_be_unique", "kwargs": {"column": "file"}, "description": "One."},
        {
            "type": "expect_column_values_to_not_be_null",
            "kwargs": {"column": "rating"},
            "description": "Two.",
        },
    ),
)
BROKEN = replace(SUITE, name="broken", query="select * from nothing")


@pytest.fixture(scope="module", autouse=True)
def worker_process() -> Iterator[None]:
    """One worker for all tests, which ends with them."""
    start_worker()
    yield
    stop_worker()


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "a.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            "create table answers as from (values ('a', 'red'), ('a', null)) as t (file, rating)"
        )
    return path


def test_outcomes_equal_those_of_this_process_in_the_order_of_the_suites(database: Path) -> None:
    suites = [replace(SUITE, expectations=SUITE.expectations[:number]) for number in (2, 1, 0)]
    outcomes = validate_suites(database, suites)
    with duckdb.connect(str(database), read_only=True) as connection:
        assert outcomes == [validate_suite(connection, suite) for suite in suites]
    assert [len(one.failures) for one in outcomes] == [2, 1, 0]
    assert validate_suites(database, []) == []


def test_an_error_in_the_worker_is_raised_here_and_the_worker_goes_on(database: Path) -> None:
    for suites in ([BROKEN], [SUITE, BROKEN, SUITE]):
        with pytest.raises(AuditError, match=r"broken: CatalogException: .*Table with name nothing"):
            validate_suites(database, suites)
    assert len(validate_suites(database, [SUITE])) == 1


def test_the_database_is_closed_after_success_and_after_an_error(database: Path) -> None:
    validate_suites(database, [SUITE])
    with pytest.raises(AuditError):
        validate_suites(database, [BROKEN])
    # DuckDB refuses to write to a database that another process has open.
    with duckdb.connect(str(database)) as connection:
        connection.execute("drop table answers")


def test_a_killed_worker_is_an_error_and_is_replaced(database: Path) -> None:
    validate_suites(database, [SUITE])
    [worker] = active_children()
    os.kill(worker.pid or 0, signal.SIGKILL)
    with pytest.raises(AuditError, match="ended early"):
        validate_suites(database, [SUITE])
    assert len(validate_suites(database, [SUITE])) == 1


def test_a_stopped_worker_ends_and_another_one_starts(database: Path) -> None:
    validate_suites(database, [SUITE])
    [worker] = active_children()
    stop_worker()
    worker.join(60)
    assert worker.exitcode == 0
    assert len(validate_suites(database, [SUITE])) == 1


@pytest.mark.parametrize("is_idle", [False, True], ids=["starting", "idle"])
def test_the_worker_ends_with_a_killed_parent(database: Path, is_idle: bool) -> None:
    code = f"""
import sys, time
from multiprocessing import active_children
from pathlib import Path
from dagster_project.audit.worker import start_worker, validate_suites
start_worker()
if {is_idle}:
    validate_suites(Path({str(database)!r}), [])
print(active_children()[0].pid, flush=True)
time.sleep(60)
"""
    parent = subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert parent.stdout
    with parent.stdout:
        worker = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    deadline = time.monotonic() + 100
    while _is_alive(worker) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert not _is_alive(worker)


def _is_alive(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
