"""How a run ended, without a word that was typed in a return: for its log, for a probe, and for a message."""

import shlex
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dagster_project.cli.faults import find_fault, find_remedy
from dagster_project.cli.interrupts import INTERRUPTED
from dagster_project.home.lock import RunInProgress
from dagster_project.paths import Home

if TYPE_CHECKING:
    from dagster_project.cli.report import Report

SUCCESSES = ("published", "unchanged")


@dataclass(frozen=True)
class Outcome:
    """How a run ended. `result` is `published`, `unchanged`, `stopped`, `interrupted` or `failed`.

    `findings` counts open findings by check, `checks` names failed checks, `remedies` are this program's own sentences.
    """

    result: str
    exit_code: int
    release_id: str = ""
    seconds: float = 0.0
    findings: Mapping[str, int] = field(default_factory=dict)
    checks: Sequence[str] = ()
    errors: int = 0
    remedies: Sequence[str] = ()

    @classmethod
    def from_report(cls, report: "Report") -> "Outcome":
        """Create the outcome of a run with a report."""
        release_id = report.release_id or report.unchanged_since or ""
        result = "unchanged" if report.unchanged_since else "published" if release_id else "stopped"
        return cls(
            result,
            0 if release_id else 1,
            release_id,
            report.total_seconds,
            # The id of a finding begins with its check; the rest may contain the name of a file.
            dict(Counter(one["finding_id"].partition(":")[0] for one in report.open_findings)),
            [check.partition(":")[0] for check in report.checks_failed],
            len(report.errors),
            [remedy for error in report.errors if (remedy := find_remedy(error))],
        )

    @classmethod
    def from_error(cls, error: BaseException) -> "Outcome":
        """Create the outcome of a run that raised an error."""
        if isinstance(error, KeyboardInterrupt):
            return cls("interrupted", INTERRUPTED)
        # Messages of other errors may repeat what they could not read.
        remedy = str(error) if isinstance(error, RunInProgress) else find_remedy(find_fault(error))
        return cls("failed", 1, errors=1, remedies=[remedy] if remedy else [])

    def describe(self, home: Home) -> str:
        """Return a message for the person who has to act: what stopped, and the command to type next."""
        command = f"selfeval --home {shlex.quote(str(home.root))}"
        if self.findings:
            counts = ", ".join(f"{check.replace('_', ' ')} {n}" for check, n in sorted(self.findings.items()))
            reason, following = (
                f"Findings wait for a decision or a corrected file: {counts}.",
                f"{command} decide",
            )
        elif self.checks:
            reason, following = f"Checks failed: {', '.join(self.checks)}.", f"{command} run --verbose"
        else:
            reason = (
                " ".join(self.remedies) or "The run ended with an error, which the next command prints again."
            )
            following = f"{command} run"
        return f"Nothing was published; readers see the release before. {reason}\nType next: {following}\n"
