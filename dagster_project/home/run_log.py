"""The log of a run: one file of JSON lines, with times, stages and the outcome, and without typed text."""

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from importlib import metadata
from typing import Any

from dagster_project.home.files import PRIVATE_FOLDER
from dagster_project.paths import Home

MAX_LOGS = 1000
"""Logs of earlier runs are deleted, the oldest first. A log has at most a few kilobytes."""

STARTED, STAGE, ENDED = "run_started", "stage_started", "run_ended"

PARTIAL = "partial"
"""Result of a run of Dagster that is not to publish, such as of one table."""


class RunLog:
    """The log of one run, written line by line: what a killed run did remains.

    The log of a run of Dagster has its job, and is written when the run has ended: each line has a time of its own.
    """

    def __init__(self, home: Home, started: datetime | None = None, **run: str) -> None:
        started = started or datetime.now(UTC)
        self._path = home.logs / f"{started:%Y%m%dT%H%M%S%fZ}.jsonl"
        # A full disk stops the run itself at its next step, and says what to do.
        with suppress(OSError):
            home.logs.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
            for old in sorted(home.logs.glob("*.jsonl"))[: 1 - MAX_LOGS]:
                old.unlink(missing_ok=True)
            self._path.unlink(missing_ok=True)
        self._write(STARTED, started, version=metadata.version("cpc-self-evaluation-warehouse"), **run)

    def add_stage(self, stage: str, at: datetime | None = None) -> None:
        """Log that a stage has started."""
        self._write(STAGE, at, stage=stage)

    def end(self, outcome: Mapping[str, Any], at: datetime | None = None) -> None:
        """Log how the run ended."""
        self._write(ENDED, at, **outcome)

    def _write(self, event: str, at: datetime | None, **fields: Any) -> None:
        time = (at or datetime.now(UTC)).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        with suppress(OSError), self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"time": time, "event": event, **fields}) + "\n")


def read_last_lines(home: Home) -> Iterator[dict[str, Any]]:
    """Read the last whole line of each log, the newest first."""
    for path in sorted(home.logs.glob("*.jsonl"), reverse=True):
        for line in reversed(path.read_text(encoding="utf-8", errors="replace").splitlines()):
            with suppress(ValueError):
                yield json.loads(line)
                break
