"""A worker process for Great Expectations: its import takes 4 s and 200 MB, so it starts early and ends early."""

from collections.abc import Callable, Sequence
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import ParamSpec, TypeVar

import duckdb

from dagster_project.audit.lifetime import bind_to_parent
from dagster_project.audit.suites import Suite
from dagster_project.audit.validate import Outcome, open_batch_definition, validate_suite
from dagster_project.home.children import keep_interrupts_from_children

P = ParamSpec("P")
T = TypeVar("T")


class AuditError(Exception):
    """A suite could not be validated. The message is that of the original error."""


def start_worker() -> None:
    """Start the worker process, which imports Great Expectations, and return at once."""
    _submit_task(_import_great_expectations)


def stop_worker() -> None:
    """Let the worker process end, without waiting for it."""
    _create_pool().shutdown(wait=False)
    _create_pool.cache_clear()


def validate_suites(database: Path, suites: Sequence[Suite]) -> list[Outcome]:
    """Validate suites in the worker process, on a database that no process writes, and return their outcomes.

    Raises `AuditError` if a suite cannot be validated or the worker process ends early.
    """
    try:
        return _submit_task(_validate_suites, database, suites).result()
    except BrokenExecutor:
        stop_worker()
        raise AuditError(
            "The audit's worker process ended early. Run the whole job: `selfeval run`."
        ) from None


@cache
def _create_pool() -> ProcessPoolExecutor:
    return ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=bind_to_parent)


def _submit_task(task: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Future[T]:
    pool = _create_pool()
    try:
        # The first task starts the process.
        with keep_interrupts_from_children():
            return pool.submit(task, *args, **kwargs)
    except BrokenExecutor:
        # The worker was killed while it was idle.
        stop_worker()
        return _create_pool().submit(task, *args, **kwargs)


def _import_great_expectations() -> None:
    open_batch_definition()


def _validate_suites(database: Path, suites: Sequence[Suite]) -> list[Outcome]:
    with duckdb.connect(str(database), read_only=True) as connection:
        return [_validate_suite(connection, suite) for suite in suites]


def _validate_suite(connection: duckdb.DuckDBPyConnection, suite: Suite) -> Outcome:
    try:
        return validate_suite(connection, suite)
    except Exception as error:
        # Not every library's exceptions can be pickled: this one can.
        raise AuditError(f"{suite.name}: {type(error).__name__}: {error}") from None
