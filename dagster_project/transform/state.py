"""What the last build was made of, so that the next one makes only what depends on something that has changed.

A build that did not end well, other sources, or tables that somebody has touched since: then everything is made.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import duckdb

from dagster_project.audit.token import schema_token, table_tokens
from dagster_project.home import Home
from dagster_project.inputs import sources

MADE = ("reference", "intermediate", "marts")
"""Schemas whose tables dbt makes. The views of `staging` hold nothing."""


@dataclass(frozen=True)
class State:
    """Hashes: of models and packages, of each file of seeds, of each raw table, of what was made of them.

    Seeds are named as their nodes; other files beside them, which say what the seeds are, as their files.
    """

    sources: str
    seeds: Mapping[str, str]
    raw: Mapping[str, str]
    made: Mapping[str, str]


def state_of(home: Home) -> State:
    """What there is now: the repository's models, the home's seeds, the tables of its build, if there is one."""
    seeds = {
        path.stem if path.suffix == ".csv" else path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(home.seeds.glob("[!.]*"))
    }
    raw, made = {}, {}
    if home.build_database.exists():
        with duckdb.connect(str(home.build_database), read_only=True) as connection:
            raw = table_tokens(connection, "raw")
            made = {schema: schema_token(connection, schema) for schema in MADE}
    return State(sources(["dbt"]), seeds, raw, made)


def selection(before: State | None, now: State) -> list[str] | None:
    """What dbt has to select: nothing, or what has changed with all that depends on it. None is everything."""
    if (
        before is None
        or (before.sources, before.made) != (now.sources, now.made)
        or before.seeds.keys() != now.seeds.keys()
        or before.raw.keys() != now.raw.keys()
    ):
        return None
    seeds = [name for name, token in now.seeds.items() if before.seeds[name] != token]
    if any(Path(name).suffix for name in seeds):
        return None
    raw = [name for name, token in now.raw.items() if before.raw[name] != token]
    return [*(f"{name}+" for name in seeds), *(f"source:raw.{name}+" for name in raw)]


def load(home: Home) -> State | None:
    """What the last build left, if it ended well."""
    try:
        return State(**json.loads(_path(home).read_text()))
    except (OSError, ValueError, TypeError):
        return None


def keep(home: Home, given: State) -> None:
    """Leave word for the next build of what this one was given as it began, and of what it has made.

    Only after one in which nothing failed.
    """
    left = replace(given, made=state_of(home).made)
    _path(home).write_text(json.dumps(asdict(left), indent=2) + "\n")


def forget(home: Home) -> None:
    """Before a build: one that is killed leaves no word."""
    _path(home).unlink(missing_ok=True)


def _path(home: Home) -> Path:
    return home.build / "state.json"
