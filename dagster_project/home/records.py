"""Records of passed checks. A check without a record has not passed: one that raised left none."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from dagster_project.paths import Home

DBT_BUILD = "dbt_build"
"""The record that the models were built and their tests passed."""


@dataclass(frozen=True)
class Record:
    """One check's outcome. `tokens` are of the schemas it saw; `definition` is the hash of what it demands.

    `warnings` stop nothing. `results` say of each demand what it is, in words, and how it was met.
    """

    check: str
    passed: bool
    tokens: Mapping[str, str]
    definition: str = ""
    failures: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    results: list[dict[str, Any]] = field(default_factory=list)


def write(home: Home, record: Record) -> None:
    """Keep a check's outcome until it is discarded or written again."""
    home.audit.mkdir(parents=True, exist_ok=True)
    _path(home, record.check).write_text(json.dumps(asdict(record), indent=2) + "\n")


def read(home: Home, check: str) -> Record | None:
    """A check's last outcome, or None where there is none that can be read."""
    try:
        return Record(**json.loads(_path(home, check).read_text()))
    except (OSError, ValueError, TypeError):
        return None


def discard(home: Home, checks: Iterable[str]) -> None:
    """Forget outcomes before the checks run again: one that now raises must not live on its last success."""
    for check in checks:
        _path(home, check).unlink(missing_ok=True)


def definition_hash(path: Path) -> str:
    """Hash of the file that says what a check demands."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _path(home: Home, check: str) -> Path:
    return home.audit / f"{check}.json"
