"""Figures of the releases before: what was published stays known, also when the release is deleted.

A return that was replaced has other ratings than the one before it. The figures therefore name each committee's return
by its hash.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TypeAlias

import duckdb
import orjson

from dagster_project.release.attack.totals import Source, Total
from dagster_project.release.baseline import VERSIONS
from dagster_project.release.database import DATABASE

Versions: TypeAlias = Mapping[tuple[str, str], str]
"""The hash of the return of a committee in a round."""

EARLIER_SUFFIX = " (an earlier return)"
_HASH_LENGTH = 16


def load_versions(release: Path) -> Versions:
    """Load the versions of the returns of a release. There are none in a release of an early version of the program."""
    if not (release / DATABASE).is_file():
        return {}
    with duckdb.connect(str(release / DATABASE), read_only=True) as connection:
        tables = {name for (name,) in connection.execute("select table_name from duckdb_tables()").fetchall()}
        if VERSIONS not in tables:
            return {}
        rows = connection.execute(f"select round_id, committee_id, sha256 from {VERSIONS}").fetchall()
    return {(round_id, committee): sha256[:_HASH_LENGTH] for round_id, committee, sha256 in rows if sha256}


def load_totals(path: Path, versions: Versions) -> list[Total]:
    """Load the totals of earlier releases. A committee with another return now counts as another member."""
    return [_load_total(row, versions) for row in _read(path)]


def store_totals(path: Path, totals: Iterable[Total], versions: Versions) -> None:
    """Add totals that are not in the file. Only the owner of the home may read it."""
    lines = [orjson.dumps(row) for row in _read(path)]
    lines += [_dump_total(total, versions) for total in totals]
    made = path.with_suffix(".new")
    made.touch(mode=0o600)
    made.write_bytes(b"".join(line + b"\n" for line in dict.fromkeys(lines)))
    made.replace(path)


def _read(path: Path) -> list[dict]:  # type: ignore[type-arg]
    return [orjson.loads(line) for line in path.read_bytes().splitlines()] if path.exists() else []


def _dump_total(total: Total, versions: Versions) -> bytes:
    round_id, _ = total.question
    members = {committee: versions.get((round_id, committee), "") for committee in sorted(total.members)}
    source = {"table": total.source.table, "key": total.source.key}
    row = {"question": total.question, "members": members, "weights": total.weights}
    return orjson.dumps(row | {"low": total.low, "high": total.high, "source": source})


def _load_total(row: dict, versions: Versions) -> Total:  # type: ignore[type-arg]
    round_id, question_no = row["question"]

    def name(committee: str, version: str) -> str:
        now = versions.get((round_id, committee), version)
        return committee if version in ("", now) else committee + EARLIER_SUFFIX

    members = frozenset(name(committee, version) for committee, version in row["members"].items())
    weights = tuple((rating, weight) for rating, weight in row["weights"])
    return Total((round_id, question_no), members, weights, row["low"], row["high"], Source(**row["source"]))
