"""What every step of the graph needs of the home that it works in: to be the only one who writes there."""

import datetime
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import dagster as dg
from filelock import FileLock, Timeout

from dagster_project.home.history import forget_old_runs
from dagster_project.home.lock import RunInProgress, only_writer
from dagster_project.paths import Home

OWNERS = ["team:data-engineering"]
"""Owners of all assets."""

WRITER = "writer"
"""The key by which assets and checks ask for it."""

PATIENCE_SECONDS = 3600
"""So long a run that Dagster started waits for another to end: it may be the only one that heard of new returns."""

START_SECONDS = 600
"""What has not started after so long never will."""

UNDER_LOCK = {"selfeval/under_lock": "true"}
"""Tag of a run that was made by who held the lock already: under another's lock it starts no more."""


@dg.resource(
    description="The home's lock, held while a run works: whoever started it, two never write at once."
)
def writer(context: dg.InitResourceContext) -> Iterator[None]:
    """Wait for the turn, put the history in order, and hold the lock until the run has ended."""
    home = Home.current()
    assert context.instance and context.run and context.log
    run_id = context.run.run_id
    with ExitStack() as held:
        held.enter_context(_living(home, run_id))
        try:
            held.enter_context(only_writer(home))
        except RunInProgress as busy:
            context.log.warning(f"{busy} This run waits for it.")
            held.enter_context(only_writer(home, wait=PATIENCE_SECONDS))
        close_killed(context.instance, home, run_id)
        forget_old_runs(context.instance)
        yield


def close_killed(instance: dg.DagsterInstance, home: Home, own_run_id: str = "") -> None:
    """Mark runs as failed whose process is gone; their history would say for ever that they are at work."""
    status = dg.DagsterRunStatus
    long_ago = datetime.datetime.now(datetime.UTC) - datetime.timedelta(seconds=START_SECONDS)
    for open_runs in (
        dg.RunsFilter(statuses=[status.STARTED, status.CANCELING]),
        dg.RunsFilter(statuses=[status.NOT_STARTED, status.STARTING], updated_before=long_ago),
        dg.RunsFilter(statuses=[status.NOT_STARTED, status.STARTING], tags=UNDER_LOCK),
    ):
        for run in instance.get_runs(open_runs):
            if run.run_id != own_run_id and not _lives(home, run.run_id):
                instance.report_run_failed(run, "The process of this run was killed before it could end.")
    for path in _alive(home).iterdir():
        # Of one that was killed just after its end.
        if path.name != own_run_id:
            _lives(home, path.name)


def _alive(home: Home) -> Path:
    folder = home.dagster / "alive"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@contextmanager
def _living(home: Home, run_id: str) -> Iterator[None]:
    """Hold a lock that says that the run's process lives, also while it waits."""
    path = _alive(home) / run_id
    with FileLock(path, timeout=1, fallback_to_soft=False):
        yield
        path.unlink(missing_ok=True)


def _lives(home: Home, run_id: str) -> bool:
    """Whether a run's process lives. What one left that does not is deleted."""
    try:
        with FileLock(_alive(home) / run_id, timeout=0, fallback_to_soft=False):
            (_alive(home) / run_id).unlink(missing_ok=True)
            return False
    except Timeout:
        return True
