"""Figures of the releases before: what was published stays known, also when the release is deleted.

A committee whose return was replaced, or about whose answers another decision was recorded, has other ratings than
before. The figures therefore name each committee with a hash of its ratings.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TypeAlias

import duckdb
import orjson

from dagster_project.home.files import write_atomically
from dagster_project.release.attack.totals import Source, Total
from dagster_project.release.database import DATABASE

Versions: TypeAlias = Mapping[tuple[str, str], str]
"""A hash of the ratings of a committee in a round."""

_EARLIER = " (earlier ratings "

_VERSIONS = """
select
    round_id,
    committee_id,
    left(sha256(string_agg(question_no || coalesce(resolved_rating, '-'), ' ' order by question_no)), 16)
from fct_rating
where is_counted
group by all
"""


def load_versions(release: Path) -> Versions:
    """Load the versions of the committees' ratings from the analysts' database of a release."""
    if not (release / DATABASE).is_file():
        return {}
    with duckdb.connect(str(release / DATABASE), read_only=True) as connection:
        rows = connection.execute(_VERSIONS).fetchall()
    return {(round_id, committee): version for round_id, committee, version in rows}


def remove_version(member: str) -> str:
    """Return the committee of a member of a total."""
    return member.partition(_EARLIER)[0]


def load_totals(path: Path, versions: Versions) -> list[Total]:
    """Load the totals of earlier releases. A committee with other ratings now counts as another member."""
    return [_load_total(row, versions) for row in _read(path)]


def store_totals(path: Path, totals: Iterable[Total], versions: Versions) -> None:
    """Add totals that are not in the file. Only the owner of the home may read it."""
    lines = [orjson.dumps(row) for row in _read(path)]
    lines += [_dump_total(total, versions) for total in totals]
    write_atomically(path, b"".join(line + b"\n" for line in dict.fromkeys(lines)))


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
        return committee if version in ("", now) else f"{committee}{_EARLIER}{version})"

    members = frozenset(name(committee, version) for committee, version in row["members"].items())
    weights = tuple((rating, weight) for rating, weight in row["weights"])
    return Total((round_id, question_no), members, weights, row["low"], row["high"], Source(**row["source"]))
