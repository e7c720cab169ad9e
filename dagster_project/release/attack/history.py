"""Figures of the releases before: what was published stays known, also when the release is deleted.

A committee whose return was replaced, or about whose answers another decision was recorded, has other ratings than
before. The figures therefore name each committee with a hash of its rating of the question.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import TypeAlias

import duckdb
import orjson

from dagster_project.home.files import write_atomically
from dagster_project.release.attack.totals import Flow, Published, Question, Source, Total, name_earlier
from dagster_project.release.database import DATABASE

Versions: TypeAlias = Mapping[tuple[Question, str], str]
"""A hash of the rating of a question by a committee."""

_VERSIONS = """
select
    round_id,
    question_no,
    committee_id,
    left(
        sha256(
            concat_ws(
                ' ', round_id, question_no, committee_id, coalesce(case when is_counted then resolved_rating end, '-')
            )
        ),
        16
    )
from fct_rating
"""


def load_versions(release: Path) -> Versions:
    """Load the versions of the committees' ratings from the analysts' database of a release."""
    if not (release / DATABASE).is_file():
        return {}
    with duckdb.connect(str(release / DATABASE), read_only=True) as connection:
        rows = connection.execute(_VERSIONS).fetchall()
    return {
        ((round_id, question_no), committee): version for round_id, question_no, committee, version in rows
    }


def load_figures(path: Path, versions: Versions, published: Published) -> None:
    """Add the figures of earlier releases. A committee with another rating now counts as another member."""
    for row in _read_lines(path):
        if "then" in row:
            published.earlier_flows.append(_load_flow(row, versions))
        else:
            published.earlier.append(_load_total(row, versions))


def store_figures(path: Path, published: Published, versions: Versions) -> None:
    """Add figures that are not in the file. Only the owner of the home may read it."""
    lines = [orjson.dumps(row) for row in _read_lines(path)]
    lines += [_dump_total(total, versions) for total in published.totals]
    lines += [_dump_flow(flow, versions) for flow in published.flows]
    write_atomically(path, b"".join(line + b"\n" for line in dict.fromkeys(lines)))


def _read_lines(path: Path) -> list[dict]:  # type: ignore[type-arg]
    return [orjson.loads(line) for line in path.read_bytes().splitlines()] if path.exists() else []


def _dump_total(total: Total, versions: Versions) -> bytes:
    members = {
        committee: versions.get((total.question, committee), "") for committee in sorted(total.members)
    }
    row = {"question": total.question, "members": members, "weights": total.weights}
    return orjson.dumps(row | {"low": total.low, "high": total.high, "source": _dump_source(total.source)})


def _load_total(row: dict, versions: Versions) -> Total:  # type: ignore[type-arg]
    question = _load_question(row["question"])
    members = frozenset(
        _name_member(question, one, version, versions) for one, version in row["members"].items()
    )
    weights = tuple((rating, weight) for rating, weight in row["weights"])
    return Total(question, members, weights, row["low"], row["high"], Source(**row["source"]))


def _dump_flow(flow: Flow, versions: Versions) -> bytes:
    def add_version(question: Question, committee: str) -> tuple[str, str]:
        return committee, versions.get((question, committee), "")

    return orjson.dumps(
        {
            "then": flow.then,
            "now": flow.now,
            "ratings_then": sorted(flow.ratings_then),
            "ratings_now": sorted(flow.ratings_now),
            "committees": flow.committees,
            "pairs": [
                (add_version(flow.now, one), [add_version(flow.then, origin) for origin in origins])
                for one, origins in flow.pairs
            ],
            "source": _dump_source(flow.source),
        }
    )


def _load_flow(row: dict, versions: Versions) -> Flow:  # type: ignore[type-arg]
    then, now = _load_question(row["then"]), _load_question(row["now"])
    pairs = tuple(
        (
            _name_member(now, one, version, versions),
            tuple(_name_member(then, origin, old, versions) for origin, old in origins),
        )
        for (one, version), origins in row["pairs"]
    )
    ratings_then, ratings_now = frozenset(row["ratings_then"]), frozenset(row["ratings_now"])
    return Flow(then, now, ratings_then, ratings_now, row["committees"], pairs, Source(**row["source"]))


def _dump_source(source: Source) -> dict[str, str]:
    return {"table": source.table, "key": source.key}


def _load_question(question: list) -> Question:  # type: ignore[type-arg]
    round_id, question_no = question
    return round_id, question_no


def _name_member(question: Question, committee: str, version: str, versions: Versions) -> str:
    now = versions.get((question, committee), version)
    return committee if version in ("", now) else name_earlier(committee, version)
