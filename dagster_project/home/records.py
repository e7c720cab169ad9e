"""Records of checks, a JSON file each. A check without a record has not passed: one that raised left none."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from dagster_project.paths import Home

DBT_BUILD = "dbt_build"
"""The check that all models were built and their tests passed."""


@dataclass(frozen=True)
class Record:
    """The outcome of one check.

    `tokens` are the hashes of the tables or schemas that it read; `definition` is the hash of its definition, or empty;
    `results` are the results of its expectations.
    """

    check: str
    passed: bool
    tokens: Mapping[str, str]
    definition: str = ""
    failures: Sequence[str] = ()
    results: Sequence[Mapping[str, Any]] = ()


def write_record(home: Home, record: Record) -> None:
    """Write a check's record in place of the one before."""
    home.audit.mkdir(parents=True, exist_ok=True)
    _get_record_path(home, record.check).write_text(json.dumps(asdict(record), indent=2) + "\n")


def read_record(home: Home, check: str) -> Record | None:
    """Read a check's record. Returns None if there is none, or it cannot be read."""
    try:
        return Record(**json.loads(_get_record_path(home, check).read_text()))
    except (OSError, ValueError, TypeError):
        return None


def delete_records(home: Home, checks: Iterable[str]) -> None:
    """Delete the records of checks before they run again: one that raises must not count as passed."""
    for check in checks:
        _get_record_path(home, check).unlink(missing_ok=True)


def hash_definition(path: Path) -> str:
    """Hash the file that defines a check."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _get_record_path(home: Home, check: str) -> Path:
    return home.audit / f"{check}.json"
