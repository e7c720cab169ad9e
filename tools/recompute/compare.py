"""Compare recomputed rows with the rows of a database."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from tools.recompute.marts import Row

KEYS = (
    "round_id",
    "committee_id",
    "consortium_code",
    "question_no",
    "other_question_no",
    "topic",
    "rule_id",
    "rating",
    "metric",
    "claim_id",
    "local_authority_name",
    "problem_code",
    "check_name",
    "effect_no",
)
"""Columns that identify a row, in the tables that have them."""

KEYS_OF = {
    "mart_data_quality": ("finding",),
    "mart_data_quality_summary": ("round_id", "check_name", "finding_status", "decision", "reason"),
    "mart_question_change": ("round_id", "question_key"),
    "mart_rating_flow": ("round_id", "question_no", "rating_then", "rating_now"),
    "mart_rating_flow_public": ("round_id", "question_no", "rating_then", "rating_now"),
}
"""Columns that identify a row of tables in which others do."""

TOLERANCE = 1e-6
"""Shares are published with six decimals."""


WITHHELD = (None, "suppressed")
"""Values in place of a figure that is withheld."""


@dataclass
class Agreement:
    """The result of comparing a table: how many values agree, and the first difference of each column.

    `withheld` counts values that are null because of disclosure control: they are not compared.
    """

    table: str
    values: int = 0
    agreeing: int = 0
    withheld: int = 0
    differences: dict[str, str] = field(default_factory=dict)
    not_recomputed: frozenset[str] = frozenset()


def read_rows(database: Path, table: str, rounds: Iterable[str] = ()) -> list[Row]:
    """Read a table of a build or of a published database, or its rows of the named rounds."""
    with duckdb.connect(str(database), read_only=True) as connection:
        if connection.execute("select 1 from duckdb_schemas() where schema_name = 'marts'").fetchall():
            connection.execute("use marts")
        cursor = connection.execute(f"from {table}")
        names = [column[0] for column in cursor.description or ()]
        found = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    wanted = set(rounds)
    return [row for row in found if not wanted or row.get("round_id") in (None, *wanted)]


def compare_tables(table: str, recomputed: list[Row], published: list[Row]) -> Agreement:
    """Compare every recomputed value with the published one."""
    keys = KEYS_OF.get(table) or [key for key in KEYS if recomputed and key in recomputed[0]]
    rows = {tuple(row[key] for key in keys): row for row in published}
    result = Agreement(table)
    if published and recomputed:
        result.not_recomputed = frozenset(published[0].keys() - recomputed[0].keys())
    for own in recomputed:
        key = tuple(own[name] for name in keys)
        other = rows.pop(key, None)
        is_suppressed = other is not None and bool(other.get("suppressed_because"))
        withheld = {
            column
            for column, value in own.items()
            if other is not None and is_suppressed and value is not None and other.get(column) in WITHHELD
        }
        result.withheld += len(withheld)
        if is_suppressed and not withheld:
            result.values += 1
            result.differences.setdefault("suppressed_because", f"{key}: all figures are published")
        for column, value in own.items():
            if column in withheld:
                continue
            result.values += 1
            if other is not None and are_equal(value, other.get(column)):
                result.agreeing += 1
            else:
                text = f"{key}: recomputed {value}, published {other.get(column) if other else 'no row'}"
                result.differences.setdefault(column, text)
    for key in rows:
        result.values += 1
        result.differences.setdefault("", f"{key}: published, not recomputed")
    return result


def are_equal(one: Any, other: Any) -> bool:
    """Return whether two values are equal, numbers to the decimals of the published tables."""
    if isinstance(one, float) and isinstance(other, float | int):
        return abs(one - other) < TOLERANCE
    return bool(one == other)
