"""Disclosure control: search the files that are about to be published for what must not be in them.

No comment in a published file or a log, no column of typed text, no rating of a single committee in a public file. The
message names the file and the key of the answer, never its text.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import duckdb

from dagster_project.audit.quotations import Texts, find_quotations
from dagster_project.paths import Home
from dagster_project.release.catalog import MANIFEST, hash_file, list_files
from dagster_project.release.database import DATABASE
from dagster_project.release.modeldocs import FOLDER as MODEL_DOCS
from dagster_project.release.tables import read_rows, read_table_names
from dagster_project.release.texts import read_file_texts, unescape_event

MAX_QUOTATIONS = 10
"""Maximum number of quotations listed in the message."""

_RESTRICTED = re.compile(r"[a-z_]+_typed")
"""Columns of typed text: in the raw tables, and wherever they are copied."""


def find_disclosures(
    home: Home, candidate: Path, about: Mapping[str, Any], events: Sequence[tuple[str, str]]
) -> list[str]:
    """Find everything that the candidate, or a log of the run, would disclose. Returns sentences, or nothing.

    `about` is the candidate's `release.json`; `events` are Dagster's events, each with the id of its run.
    """
    files = _find_distinct_files(candidate)
    with duckdb.connect(str(home.build_database), read_only=True) as build:
        committees = build.execute(
            "select unnest([committee_id, committee_name]) from marts.dim_committee"
        ).fetchall()
        ratings = build.execute("select rating from marts.dim_rating").fetchall()
        return [
            *find_misplaced_tables(candidate, about),
            *_find_single_ratings(files, {name for (name,) in committees}, {name for (name,) in ratings}),
            *_describe_quotations(build, partial(_read_texts, files, find_logs(home), events)),
        ]


def find_last_search_time(home: Home) -> datetime:
    """Return when logs were searched last: for the published release."""
    manifest = home.published / MANIFEST
    return datetime.fromtimestamp(manifest.stat().st_mtime if manifest.exists() else 0, UTC)


def find_logs(home: Home) -> list[Path]:
    """Find the log files that have changed since the last search."""
    since = find_last_search_time(home).timestamp()
    logs = (
        *home.dagster.glob("storage/**/*.out"),
        *home.dagster.glob("storage/**/*.err"),
        *home.audit.glob("*.json"),
        *home.runs.glob("*.json"),
        *home.logs.glob("*.jsonl"),
        *home.dbt_target.glob("run_results.json"),
        *home.dbt_target.glob("*.log"),
    )
    return [path for path in logs if path.stat().st_mtime >= since]


def find_misplaced_tables(candidate: Path, about: Mapping[str, Any]) -> Iterator[str]:
    """Find tables in files for another audience, and restricted columns in the analysts' database."""
    public = {table["name"] for table in about["tables"]}
    analyst = {table["name"] for table in about["analyst_tables"]}
    open_data = list_files(candidate / "data")
    for path, allowed in ((candidate / DATABASE, public | analyst), *((path, public) for path in open_data)):
        if misplaced := sorted(read_table_names(path) - allowed):
            name = path.relative_to(candidate).as_posix()
            yield f"{name} contains tables that its audience may not see: {', '.join(misplaced)}."
    with duckdb.connect(str(candidate / DATABASE), read_only=True) as connection:
        columns = connection.execute(
            "select table_name, column_name from duckdb_columns() where not internal"
        ).fetchall()
    for table, column in columns:
        if _RESTRICTED.fullmatch(column):
            yield f"{DATABASE} contains the restricted column {column} in the table {table}."


def _find_distinct_files(candidate: Path) -> dict[str, Path]:
    """Find the candidate's files by their path in it: the first of those with the same content."""
    found: dict[str, Path] = {}
    for path in list_files(candidate):
        found.setdefault(hash_file(path), path)
    return {path.relative_to(candidate).as_posix(): path for path in found.values()}


def _find_single_ratings(files: Mapping[str, Path], committees: set[str], ratings: set[str]) -> Iterator[str]:
    """Find public tables, also on pages, with a column of typed text, or a committee and a rating in one row."""
    for name, path in files.items():
        if name == DATABASE:
            continue
        typed: set[str] = set()
        is_single = False
        for row in read_rows(path):
            # Few of a million cells end so: only those are matched.
            typed.update(cell for cell in row if cell.endswith("_typed"))
            if not committees.isdisjoint(row) and not ratings.isdisjoint(map(str.lower, row)):
                is_single = True
        # The pages on models name every column, and have no data.
        if path.parent.name != MODEL_DOCS:
            for column in sorted(filter(_RESTRICTED.fullmatch, typed)):
                yield f"{name} contains the restricted column {column}."
        if is_single:
            yield f"{name} contains the rating of a single committee."


def _read_texts(
    files: Mapping[str, Path], logs: Iterable[Path], events: Sequence[tuple[str, str]]
) -> Iterator[tuple[str, str]]:
    """Read each text with its place: texts of files, logs and the history of runs."""
    for place, path in (*files.items(), *((f"the log {path.name}", path) for path in logs)):
        yield from ((place, text) for text in read_file_texts(path))
    yield from ((f"the history of run {run_id}", unescape_event(event)) for run_id, event in events)


def _describe_quotations(build: duckdb.DuckDBPyConnection, texts: Texts) -> Iterator[str]:
    found = [f"A comment is quoted in {quotation}." for quotation in find_quotations(build, texts)]
    yield from found[:MAX_QUOTATIONS]
    if len(found) > MAX_QUOTATIONS:
        yield f"{len(found) - MAX_QUOTATIONS} more comments are quoted."
