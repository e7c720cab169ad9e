"""The logs of runs that Dagster started: from its interface, its sensor or its schedule."""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

import dagster as dg

from dagster_project.home.run_log import PARTIAL, RunLog
from dagster_project.paths import Home
from dagster_project.release.automation import LOAD_AND_PUBLISH, PUBLISH
from dagster_project.release.stages import STAGES
from dagster_project.resources import HomeFolder

RESULTS = {
    dg.DagsterRunStatus.SUCCESS: ("published", 0),
    dg.DagsterRunStatus.FAILURE: ("failed", 1),
    dg.DagsterRunStatus.CANCELED: ("interrupted", 130),
}
"""Results of ended runs, and the exit codes that `selfeval run` has for them."""

MAX_RUNS = 50
"""Runs whose logs are written by one look."""


@dg.sensor(
    name="run_logs",
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Writes a log of each run that has ended into `warehouse/build/logs`, without typed text.",
)
def run_logs(context: dg.SensorEvaluationContext, folder: HomeFolder) -> dg.SkipReason:
    """Write the logs of the runs that have ended since the last look."""
    since = datetime.fromisoformat(context.cursor) if context.cursor else None
    ended = context.instance.get_run_records(
        dg.RunsFilter(statuses=list(RESULTS), updated_after=since),
        limit=MAX_RUNS,
        order_by="update_timestamp",
        ascending=True,
    )
    for record in ended:
        write_log(folder.home, context.instance, record)
    if ended:
        context.update_cursor(ended[-1].update_timestamp.isoformat())
    return dg.SkipReason(f"Logs written: {len(ended)}.")


def write_log(home: Home, instance: dg.DagsterInstance, record: dg.RunRecord) -> None:
    """Write the log of a run that has ended: step keys and names of checks of all that its events have."""
    run = record.dagster_run
    started, ended = (_read_time(one) for one in (record.start_time or record.end_time, record.end_time))
    log = RunLog(home, started, run_id=run.run_id, job=run.job_name)
    entries = instance.all_logs(run.run_id)
    for stage, at in _list_stages(entries):
        log.add_stage(stage, at)
    result, exit_code = RESULTS[run.status]
    checks = _list_failed_checks(entries)
    release_id = _find_release(entries)
    if run.job_name not in (PUBLISH, LOAD_AND_PUBLISH) and not release_id:
        result = PARTIAL
    elif result == "failed" and checks:
        result = "stopped"
    outcome = {
        "result": result,
        "exit_code": exit_code,
        "release_id": release_id,
        "seconds": round((ended - started).total_seconds(), 1),
        "findings": {},
        "checks": checks,
        "errors": int(result == "failed"),
        "remedies": [],
    }
    log.end(outcome, ended)


def _read_time(seconds: float | None) -> datetime:
    return datetime.fromtimestamp(seconds or 0, UTC)


def _list_stages(entries: Any) -> Iterator[tuple[str, datetime]]:
    starts = [
        (STAGES.get(one.step_key, one.step_key), _read_time(one.timestamp))
        for one in entries
        if one.dagster_event and one.dagster_event.is_step_start
    ]
    # Several steps are one stage.
    for stage, steps in groupby(starts, key=lambda start: start[0]):
        yield stage, next(steps)[1]


def _list_failed_checks(entries: Any) -> list[str]:
    evaluations = [
        one.dagster_event.asset_check_evaluation_data
        for one in entries
        if one.dagster_event and one.dagster_event.event_type_value == "ASSET_CHECK_EVALUATION"
    ]
    return [one.check_name for one in evaluations if not one.passed and one.severity.value == "ERROR"]


def _find_release(entries: Any) -> str:
    for one in entries:
        materialization = one.asset_materialization
        if materialization and materialization.asset_key.path == ["release", "published"]:
            return str(materialization.metadata["release_id"].value)
    return ""
