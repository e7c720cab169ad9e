"""The suites in `expectations/`: which rows they validate, what they expect, and what to do when one fails."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from dagster_project.home.records import hash_definition
from dagster_project.home.table_hashes import ALL_COLUMNS, AUDITED_SCHEMAS
from dagster_project.paths import REPOSITORY

EXPECTATIONS = REPOSITORY / "expectations"
FIELDS = ("table", "protects", "blocks", "fixed_by", "how_to_fix", "keys", "query", "expectations")


@dataclass(frozen=True)
class Suite:
    """One file of `expectations/`.

    `query` selects the rows to validate, without typed text. `keys` are the columns that identify a failing row.
    `expectations` are configurations of Great Expectations, each with a description in plain English.
    """

    name: str
    schema: str
    table: str
    query: str
    keys: tuple[str, ...]
    expectations: tuple[Mapping[str, Any], ...]
    protects: str
    blocks: str
    fixed_by: str
    how_to_fix: str
    definition: str

    @property
    def tables(self) -> list[str]:
        """The tables of its schema that the query reads, or `ALL_COLUMNS` if it reads none."""
        return sorted(set(re.findall(rf"\b{self.schema}\.(\w+)", self.query))) or [ALL_COLUMNS]

    @property
    def description(self) -> str:
        """What a person needs to know whom the suite has stopped."""
        return (
            f"Protects: {self.protects} Blocks: {self.blocks} Fixed by: {self.fixed_by} "
            f"How to fix: {self.how_to_fix}"
        )


def load_suites(*schemas: str) -> tuple[Suite, ...]:
    """Load the suites of some schemas, or of all, by name. Raises `ValueError` for a file that lacks a field."""
    return tuple(
        _load_suite(path, schema)
        for schema in schemas or AUDITED_SCHEMAS
        for path in sorted((EXPECTATIONS / schema).glob("*.yml"))
    )


def _load_suite(path: Path, schema: str) -> Suite:
    content = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    missing = [name for name in FIELDS if name not in content]
    missing += [
        f"description of {one['type']}" for one in content["expectations"] if "description" not in one
    ]
    if missing:
        raise ValueError(f"{path}: missing {', '.join(missing)}")
    content["keys"], content["expectations"] = tuple(content["keys"]), tuple(content["expectations"])
    return Suite(name=f"{schema}_{path.stem}", schema=schema, definition=hash_definition(path), **content)
