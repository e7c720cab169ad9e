"""Totals of the releases published before: what was published stays known, also when a release is deleted."""

from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

import orjson

from dagster_project.release.attack.totals import Source, Total


def load_totals(path: Path) -> list[Total]:
    """Load the totals of earlier releases."""
    if not path.exists():
        return []
    return [_load_total(orjson.loads(line)) for line in path.read_bytes().splitlines()]


def store_totals(path: Path, totals: Iterable[Total]) -> None:
    """Add totals that are not in the file."""
    known = load_totals(path)
    lines = [_dump_total(total) for total in dict.fromkeys((*known, *totals))]
    made = path.with_suffix(".new")
    made.write_bytes(b"".join(line + b"\n" for line in lines))
    made.replace(path)


def _dump_total(total: Total) -> bytes:
    return orjson.dumps({**asdict(total), "members": sorted(total.members)})


def _load_total(row: dict) -> Total:  # type: ignore[type-arg]
    return Total(
        (row["question"][0], row["question"][1]),
        frozenset(row["members"]),
        tuple((rating, weight) for rating, weight in row["weights"]),
        row["low"],
        row["high"],
        Source(**row["source"]),
        row["is_public"],
    )
