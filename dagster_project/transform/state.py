"""What the last build was made of, so that the next one makes only what depends on something that has changed.

Models are left out of which nothing has changed, and of the other ones the rows of rounds of which nothing has. A
build that did not end well, other sources, or tables that somebody has touched since: then everything is made.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import duckdb

from dagster_project.home.inputs import sources
from dagster_project.home.tokens import round_tokens, schema_token, tables
from dagster_project.paths import Home

MADE = ("reference", "intermediate", "marts")
"""Schemas whose tables dbt makes. The views of `staging` hold nothing."""

Rounds = Mapping[str, str]
"""A hash for each round, and under no name one of what belongs to all of them."""

ALL_ROUNDS = ""


@dataclass(frozen=True)
class State:
    """Hashes: of models and packages, of each file of seeds, of each raw table, of what was made of them.

    Seeds are named as their nodes; other files beside them, which say what the seeds are, as their files.
    """

    sources: str
    seeds: Mapping[str, Rounds]
    raw: Mapping[str, Rounds]
    made: Mapping[str, str]


def state_of(home: Home, rounds_of: Mapping[str, str]) -> State:
    """What there is now: the repository's models, the home's seeds, the tables of its build, if there is one.

    `rounds_of` says by seed what tells the round of each of its rows, in SQL.
    """
    with duckdb.connect() as connection:
        seeds = {
            path.stem if path.suffix == ".csv" else path.name: _seed(
                connection, path, rounds_of.get(path.stem)
            )
            for path in sorted(home.seeds.glob("[!.]*"))
        }
    raw, made = {}, {}
    if home.build_database.exists():
        with duckdb.connect(str(home.build_database), read_only=True) as connection:
            raw = {
                name: round_tokens(connection, f"raw.{name}", "round_id")
                for name in tables(connection, "raw")
            }
            made = {schema: schema_token(connection, schema) for schema in MADE}
    return State(sources(["dbt"]), seeds, raw, made)


def _seed(connection: duckdb.DuckDBPyConnection, path: Path, round_of: str | None) -> Rounds:
    if path.suffix != ".csv" or round_of is None:
        return {ALL_ROUNDS: hashlib.sha256(path.read_bytes()).hexdigest()}
    rows = "read_csv(?, header = true, delim = ',', quote = '\"', escape = '\"', all_varchar = true)"
    return round_tokens(connection, rows, round_of, [str(path)])


def selection(before: State | None, now: State) -> list[str] | None:
    """What dbt has to select: nothing, or what has changed with all that depends on it. None is everything."""
    if (
        before is None
        or (before.sources, before.made) != (now.sources, now.made)
        or before.seeds.keys() != now.seeds.keys()
        or before.raw.keys() != now.raw.keys()
    ):
        return None
    seeds = [name for name, rounds in now.seeds.items() if before.seeds[name] != rounds]
    if any(Path(name).suffix for name in seeds):
        return None
    raw = [name for name, rounds in now.raw.items() if before.raw[name] != rounds]
    return [*(f"{name}+" for name in seeds), *(f"source:raw.{name}+" for name in raw)]


def kept_rounds(before: State | None, now: State) -> list[str]:
    """The rounds whose rows may stand: neither their own returns and reference data have changed nor what all share.

    Of a closed round that is so until somebody corrects it.
    """
    if before is None or selection(before, now) is None:
        return []
    changed = set(_changed(before.seeds, now.seeds)) | set(_changed(before.raw, now.raw))
    known = {round_id for rounds in now.raw.values() for round_id in rounds}
    return [] if ALL_ROUNDS in changed else sorted(known - changed)


def _changed(before: Mapping[str, Rounds], now: Mapping[str, Rounds]) -> Iterable[str]:
    for name, rounds in now.items():
        for round_id in {*rounds, *before[name]}:
            if rounds.get(round_id) != before[name].get(round_id):
                yield round_id


def load(home: Home) -> State | None:
    """What the last build left, if it ended well."""
    try:
        return State(**json.loads(_path(home).read_text()))
    except (OSError, ValueError, TypeError):
        return None


def keep(home: Home, left: State) -> None:
    """Leave word for the next build of what this one was given as it began, and of what it has made.

    Only after one in which nothing failed.
    """
    _path(home).write_text(json.dumps(asdict(left), indent=2) + "\n")


def forget(home: Home) -> None:
    """Before a build: one that is killed leaves no word."""
    _path(home).unlink(missing_ok=True)


def _path(home: Home) -> Path:
    return home.build / "state.json"
