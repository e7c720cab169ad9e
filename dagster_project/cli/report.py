"""What one run did, in figures: filled from Dagster's events and from the build, printed, and stored as a file."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import duckdb

from dagster_project.cli.faults import add_remedy
from dagster_project.home.files import write_atomically
from dagster_project.paths import Home
from dagster_project.release.stages import MODELS, STAGES

if TYPE_CHECKING:
    from dagster import DagsterEvent

    from dagster_project.release.revisions import Revision

MAX_REPORTS = 100
"""Reports of earlier runs are deleted, the oldest first."""

FILE_COUNTS = ("files", "read", "rejected", "ignored", "parsed", "answers", "problems")
"""Metadata of the raw tables that the report repeats."""


def _format_now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


@dataclass
class Report:
    """What a run did. Seconds are wall-clock; `release_id` is None if nothing was published.

    `models` and `pages` count what the run built, and `is_built` is whether it built all models. `unchanged_since` is
    the published release, if the run had nothing to do. `revision` is what differs from the release that readers saw
    before. `checks` has every check with its description; the other lists name only what failed.
    """

    started_at: str = field(default_factory=_format_now)
    release_id: str | None = None
    unchanged_since: str | None = None
    deleted_releases: list[str] = field(default_factory=list)
    files: dict[str, int] = field(default_factory=dict)
    models: int = 0
    pages: int = 0
    checks: list[dict[str, str]] = field(default_factory=list)
    checks_passed: int = 0
    checks_failed: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    findings: dict[str, int] = field(default_factory=dict)
    open_findings: list[dict[str, str]] = field(default_factory=list)
    revision: "Revision | None" = None
    errors: list[str] = field(default_factory=list)
    is_built: bool = False
    seconds: dict[str, float] = field(default_factory=dict)
    total_seconds: float = 0.0

    def to_json(self) -> str:
        """Return the report for a program to read. The list of all checks is in the stored report only."""
        hidden = ("checks", "started_at", "is_built")
        return json.dumps(
            {name: value for name, value in self.to_dict().items() if name not in hidden}, indent=2
        )

    def to_dict(self) -> dict[str, Any]:
        """Return all fields as values for JSON."""
        return vars(self) | {"revision": self.revision.to_dict() if self.revision else None}

    def add_events(self, events: "Iterable[DagsterEvent]") -> None:
        """Add the stages, errors, assets and checks of one Dagster run."""
        for event in events:
            stage = STAGES.get(event.step_key or "", event.step_key or "")
            if event.is_step_success:
                self.is_built |= event.step_key == MODELS
                seconds = self.seconds.get(stage, 0) + event.step_success_data.duration_ms / 1000
                self.seconds[stage] = round(seconds, 1)
            elif event.is_step_failure:
                self._add_error(event.step_failure_data.error)
            elif event.is_step_materialization:
                metadata = {name: one.value for name, one in event.materialization.metadata.items()}
                self._add_asset(event.materialization.asset_key.path, metadata)
            elif event.event_type_value == "ASSET_CHECK_EVALUATION":
                self._add_check(event.asset_check_evaluation_data)

    def _add_error(self, error: Any) -> None:
        # A failed check is reported by its findings or its description.
        if error is None or error.cls_name == "DagsterAssetCheckFailedError":
            return
        # Dagster wraps the exception of a step; the exception's own cause is part of its message.
        while error.cause and error.cls_name.startswith("Dagster"):
            error = error.cause
        without_class_name = re.sub(r"^[\w.]+: ", "", str(error.message))
        self.errors.append(add_remedy(without_class_name))

    def _add_asset(self, key: Iterable[str], metadata: dict[str, Any]) -> None:
        match list(key):
            case ["raw", "return_file"]:
                self.files = {name: self.files.get(name, 0) + metadata[name] for name in FILE_COUNTS}
            case ["staging" | "intermediate" | "marts", _]:
                self.models += 1
            case ["release", "site"]:
                self.pages = metadata["pages"]
            case ["release", "published"]:
                self.release_id = metadata["release_id"]
                self.deleted_releases = metadata["deleted_releases"]
                self.warnings += filter(None, [metadata["not_deleted"]])

    def _add_check(self, evaluation: Any) -> None:
        text = f"{evaluation.check_name}: {evaluation.description or 'failed'}"
        if evaluation.passed:
            outcome = "passed"
            self.checks_passed += 1
        elif evaluation.severity.value == "WARN":
            outcome = "warning"
            self.checks_passed += 1
            self.warnings.append(text)
        else:
            outcome = "failed"
            self.checks_failed.append(text)
        self.checks.append(
            {
                "asset": evaluation.asset_key.to_user_string(),
                "check": evaluation.check_name,
                "outcome": outcome,
                "description": evaluation.description or "",
            }
        )

    def add_findings(self, home: Home) -> None:
        """Count the findings in the build, list the open ones, and compare it with the release before.

        A run that stopped before its models were built has neither: those in the build are of an earlier run.
        """
        from dagster_project.audit.findings import load_findings
        from dagster_project.release.revisions import compare_build

        if not self.is_built:
            return
        try:
            self.revision = compare_build(home)
            with duckdb.connect(str(home.build_database), read_only=True) as connection:
                found = load_findings(connection)
        except duckdb.Error:
            return
        for finding in found:
            self.findings[finding.status] = self.findings.get(finding.status, 0) + 1
            if finding.status == "open":
                self.open_findings.append(
                    {
                        "finding_id": finding.finding_id,
                        "what": str(finding),
                        "mended_by": finding.mended_by,
                        "how_to_mend": finding.how_to_mend,
                    }
                )


def store_report(home: Home, report: Report) -> None:
    """Store a run's report as a file of the home, and delete the oldest reports."""
    home.runs.mkdir(parents=True, exist_ok=True)
    name = re.sub(r"[-:.]", "", report.started_at)
    write_atomically(home.runs / f"{name}.json", json.dumps(report.to_dict(), indent=2).encode())
    for old in sorted(home.runs.glob("*.json"))[:-MAX_REPORTS]:
        old.unlink(missing_ok=True)
