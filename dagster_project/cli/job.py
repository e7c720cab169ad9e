"""One run of the whole job in this process, and what it did, in figures."""

import json
import logging
import os
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import duckdb

from dagster_project.audit.auditor import auditor
from dagster_project.cli.faults import fault_behind, with_remedy
from dagster_project.home.lock import only_writer
from dagster_project.paths import REPOSITORY, Home, write_whole
from dagster_project.release.shelf import unchanged

START = "start"
"""The stage before the job's own: imports, and what dbt has parsed."""


@dataclass
class Report:
    """What a run did. Seconds are wall-clock; `release_id` is None when nothing was published.

    `models` were built and `pages` were written.
    `unchanged_since` is the release that readers see, where the run had nothing to do.
    """

    release_id: str | None = None
    unchanged_since: str | None = None
    deleted_releases: list[str] = field(default_factory=list)
    files: dict[str, int] = field(default_factory=dict)
    models: int = 0
    pages: int = 0
    checks_passed: int = 0
    checks_failed: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    findings: dict[str, int] = field(default_factory=dict)
    open_findings: list[dict[str, str]] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    total_seconds: float = 0.0


def run(home: Home, on_stage: Callable[[str], None], *, force: bool = False) -> Report:
    """Run the whole job on all rounds. `on_stage` is told of each stage as it starts.

    Where nothing has changed since the release that readers see, nothing is done, unless with `force`.
    Raises `RunInProgress` at once where somebody else is writing in the home.
    """
    started = time.monotonic()
    with only_writer(home):
        home.prepare()
        release_id = None if force else unchanged(home)
        if release_id:
            _close_killed(home)
            report = Report(unchanged_since=release_id)
        else:
            report = _told(home, on_stage, started)
    report.total_seconds = round(time.monotonic() - started, 1)
    return report


def _told(home: Home, on_stage: Callable[[str], None], started: float) -> Report:
    """Run, and tell of a fault of the machine that even Dagster's own records met."""
    before = home.published.resolve()
    try:
        return _run(home, on_stage, started)
    except Exception as error:
        if not (fault := fault_behind(error)):
            raise
        after = home.published.resolve()
        if after == before:
            return Report(errors=[with_remedy(fault)])
        return Report(after.name, warnings=[f"After the release was published: {with_remedy(fault)}"])


def _close_killed(home: Home) -> None:
    """Say in the history which runs were killed after they had published; a run of its own does it by itself."""
    if any(home.dagster.glob("alive/*")):
        use_instance(home)
        import dagster as dg

        from dagster_project.resources import close_killed

        with dg.DagsterInstance.get() as instance:
            close_killed(instance, home)


def use_instance(home: Home) -> None:
    """Let Dagster keep its runs where the home's own settings say, or in this home; its telemetry is off."""
    os.environ["DAGSTER_HOME"] = str(home.dagster)
    ours = REPOSITORY / "dagster_project" / "dagster.yaml"
    settings = home.instance if home.instance.exists() else ours
    write_whole(home.dagster / "dagster.yaml", settings.read_bytes())


def _run(home: Home, on_stage: Callable[[str], None], started: float) -> Report:
    on_stage(START)
    use_instance(home)
    # It gets ready while this process imports what it needs itself.
    auditor()
    import dagster as dg

    from dagster_project.cli.progress import LOGGER
    from dagster_project.definitions import defs
    from dagster_project.raw.assets import ROUNDS
    from dagster_project.resources import UNDER_LOCK

    report = Report()
    rounds = ROUNDS.get_partition_keys()
    report.seconds[START] = round(time.monotonic() - started, 1)
    LOGGER.setLevel(logging.INFO)
    LOGGER.propagate = False
    LOGGER.addHandler(handler := _Listener(on_stage))
    with dg.DagsterInstance.get() as instance:
        result = defs.resolve_job_def("publish").execute_in_process(
            instance=instance,
            raise_on_error=False,
            tags={
                **UNDER_LOCK,
                "dagster/asset_partition_range_start": rounds[0],
                "dagster/asset_partition_range_end": rounds[-1],
            },
            run_config={"loggers": {"progress": {}}},
        )
    LOGGER.removeHandler(handler)
    _read_events(result.all_events, report)
    _read_build(home, report)
    return report


class _Listener(logging.Handler):
    def __init__(self, on_stage: Callable[[str], None]) -> None:
        super().__init__()
        self.on_stage = on_stage

    def emit(self, record: logging.LogRecord) -> None:
        self.on_stage(record.getMessage())


def _read_events(events: Sequence[Any], report: Report) -> None:
    from dagster_project.cli.progress import STAGES

    for event in events:
        name = event.event_type_value
        if name in ("STEP_SUCCESS", "STEP_FAILURE"):
            data = event.event_specific_data
            if name == "STEP_SUCCESS":
                stage = STAGES.get(event.step_key, event.step_key)
                report.seconds[stage] = round(data.duration_ms / 1000, 1)
            elif data.error and data.error.cls_name != "DagsterAssetCheckFailedError":
                # A failed check speaks for itself, in the findings or in its own words.
                report.errors.append(_raised(data.error))
        elif name == "ASSET_MATERIALIZATION":
            key = event.asset_key.path
            metadata = event.materialization.metadata
            if key[0] == "raw" and not report.files:
                report.files = {
                    name: metadata[name].value
                    for name in ("files", "read", "rejected", "ignored", "parsed", "answers", "problems")
                }
            elif key[0] in ("staging", "intermediate", "marts"):
                report.models += 1
            elif key == ["release", "site"]:
                report.pages = metadata["pages"].value
            elif key == ["release", "published"]:
                report.release_id = metadata["release_id"].value
                report.deleted_releases = metadata["deleted_releases"].value
                report.warnings += filter(None, [metadata["not_deleted"].value])
        elif name == "ASSET_CHECK_EVALUATION":
            evaluation = event.event_specific_data
            told = f"{evaluation.check_name}: {evaluation.description or 'failed'}"
            if evaluation.passed:
                report.checks_passed += 1
            elif evaluation.severity.value == "WARN":
                report.checks_passed += 1
                report.warnings.append(told)
            else:
                report.checks_failed.append(told)


def _raised(error: Any) -> str:
    # Dagster wraps what a step raised; what that was caused by in turn, it says itself.
    while error.cause and error.cls_name.startswith("Dagster"):
        error = error.cause
    # The name of the exception's class is for a traceback; what it says is for the reader.
    return with_remedy(re.sub(r"^[\w.]+: ", "", str(error.message)))


def _read_build(home: Home, report: Report) -> None:
    """Findings stand in the build when the models were built; before that there are none to tell of."""
    from dagster_project.audit.findings import findings

    try:
        with duckdb.connect(str(home.build_database), read_only=True) as connection:
            found = findings(connection)
    except duckdb.Error:
        return
    for finding in found:
        report.findings[finding.status] = report.findings.get(finding.status, 0) + 1
        if finding.status == "open":
            report.open_findings.append(
                {
                    "finding_id": finding.finding_id,
                    "what": str(finding),
                    "mended_by": finding.mended_by,
                    "how_to_mend": finding.how_to_mend,
                }
            )


def as_json(report: Report) -> str:
    """The report for a program to read."""
    return json.dumps(report.__dict__, indent=2)
