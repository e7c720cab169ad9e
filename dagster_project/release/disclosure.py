"""What must not be in a release, looked for in the files that are about to be published.

No comment, in anything that is published or logged; no column that holds typed text; no rating of a single
committee in what is public. A file that holds one stops the release and is named, with the key of the answer
and never with its text.
"""

import gzip
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from html import unescape
from importlib.resources import files
from pathlib import Path
from typing import Any

import duckdb

from dagster_project.audit.quotations import Texts, find_quotations
from dagster_project.paths import SQL_ENGINE, Home
from dagster_project.release.contents import tables_in
from dagster_project.release.database import DATABASE
from dagster_project.release.modeldocs import FOLDER as MODEL_DOCS
from dagster_project.release.shelf import MANIFEST
from dagster_project.release.texts import GZIP, TABULAR, rows_of, texts_of, unescaped

MAX_NAMED = 10
"""So many places are named; the rest are counted."""

_RESTRICTED = re.compile(r"[a-z_]+_typed")
"""Columns of what a person typed, in the raw tables and wherever they are taken from there."""

_INSTALLED = (Path(str(files("material"))) / "templates" / "assets", SQL_ENGINE)
"""Files of the site that came from elsewhere before any return did: megabytes in which nobody can be quoted."""

_ROW = re.compile(r"<tr\b.*?</tr>", re.DOTALL)
_CELL = re.compile(r"<t[dh]\b[^>]*>(.*?)</t[dh]>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")


def disclosures(
    home: Home, candidate: Path, about: Mapping[str, Any], events: Sequence[tuple[str, str]]
) -> list[str]:
    """Everything that the candidate, or a log of the run, would disclose, in words. Empty when it may be published.

    `events` are those of the history of runs, each with the run that tells it.
    """
    searched = _different(candidate)
    with duckdb.connect(str(home.build_database), read_only=True) as build:
        committees = {
            name
            for row in build.execute(
                "select committee_id, committee_name from marts.dim_committee"
            ).fetchall()
            for name in row
        }
        ratings = {rating for (rating,) in build.execute("select rating from marts.dim_rating").fetchall()}
        return [
            *misplaced_tables(candidate, about),
            *_single_ratings(searched, committees, ratings),
            *_quoted(build, partial(_texts, searched, logs(home), events)),
        ]


def _different(candidate: Path) -> dict[str, Path]:
    """The candidate's files by their place in it: of those with the same content one, of installed ones none."""
    installed = set(_by_content(*_INSTALLED))
    found = {digest: path for digest, path in _by_content(candidate).items() if digest not in installed}
    return {
        path.relative_to(candidate).as_posix(): path
        for path in found.values()
        if _content_when_unpacked(path) not in found
    }


def _by_content(*folders: Path) -> dict[str, Path]:
    """The first of the files in these folders with each content."""
    found: dict[str, Path] = {}
    for path in sorted(path for folder in folders for path in folder.rglob("*") if path.is_file()):
        with path.open("rb") as file:
            found.setdefault(hashlib.file_digest(file, "sha256").hexdigest(), path)
    return found


def _content_when_unpacked(path: Path) -> str | None:
    """The site has the public database packed: it is looked through where it stands as it is."""
    with path.open("rb") as file:
        if file.read(len(GZIP)) != GZIP:
            return None
        file.seek(0)
        return hashlib.file_digest(gzip.GzipFile(fileobj=file), "sha256").hexdigest()


def searched_until(home: Home) -> datetime:
    """When logs were last looked at: for the release that readers see."""
    manifest = home.published / MANIFEST
    return datetime.fromtimestamp(manifest.stat().st_mtime if manifest.exists() else 0, UTC)


def logs(home: Home) -> list[Path]:
    """Logs in files since the last release."""
    since = searched_until(home).timestamp()
    places = (
        *home.dagster.glob("storage/**/*.out"),
        *home.dagster.glob("storage/**/*.err"),
        *home.audit.glob("*.json"),
        *home.runs.glob("*.json"),
        *home.dbt_target.glob("run_results.json"),
        *home.dbt_target.glob("*.log"),
    )
    return [path for path in places if path.stat().st_mtime >= since]


def misplaced_tables(candidate: Path, about: Mapping[str, Any]) -> Iterator[str]:
    """Files with a table that is not for their audience, in words, and restricted columns of the database."""
    public = {table["name"] for table in about["tables"]}
    analyst = {table["name"] for table in about["analyst_tables"]}
    open_data = sorted(path for path in candidate.glob("data/**/*") if path.is_file())
    for path, allowed in ((candidate / DATABASE, public | analyst), *((path, public) for path in open_data)):
        if extra := sorted(tables_in(path) - allowed):
            where = path.relative_to(candidate).as_posix()
            yield f"In {where} stands what its audience may not see: {', '.join(extra)}."
    with duckdb.connect(str(candidate / DATABASE), read_only=True) as connection:
        columns = connection.execute(
            "select table_name, column_name from duckdb_columns() where not internal"
        ).fetchall()
    for table, column in columns:
        if _RESTRICTED.fullmatch(column):
            yield f"In {DATABASE} the table {table} has the restricted column {column}."


def _single_ratings(files: Mapping[str, Path], committees: set[str], ratings: set[str]) -> Iterator[str]:
    """Public tables, in files or on pages, with a column of typed text, or a committee and a rating in one row."""
    for name, path in files.items():
        if path.suffix in TABULAR and name != DATABASE:
            rows = rows_of(path)
        elif path.suffix == ".html":
            found = _ROW.findall(path.read_text(encoding="utf-8"))
            rows = ([unescape(_TAG.sub("", cell)).strip() for cell in _CELL.findall(row)] for row in found)
        else:
            continue
        typed: set[str] = set()
        is_single = False
        for row in rows:
            # Of a million cells hardly one ends so: only those are looked at closely.
            typed.update(cell for cell in row if cell.endswith("_typed"))
            if not committees.isdisjoint(row) and not ratings.isdisjoint(map(str.lower, row)):
                is_single = True
        # The pages about the models name every column and have no data.
        if path.parent.name != MODEL_DOCS:
            for column in sorted(filter(_RESTRICTED.fullmatch, typed)):
                yield f"{name} has the restricted column {column}."
        if is_single:
            yield f"{name} holds the rating of a single committee."


def _texts(
    files: Mapping[str, Path], logged: Iterable[Path], events: Sequence[tuple[str, str]]
) -> Iterator[tuple[str, str]]:
    """Each text with the place where it stands."""
    for place, path in (*files.items(), *((f"the log {path.name}", path) for path in logged)):
        yield from ((place, text) for text in texts_of(path))
    yield from ((f"the history of run {run_id}", unescaped(event)) for run_id, event in events)


def _quoted(build: duckdb.DuckDBPyConnection, texts: Texts) -> Iterator[str]:
    found = [f"A comment is in {quotation}." for quotation in find_quotations(build, texts)]
    yield from found[:MAX_NAMED]
    if len(found) > MAX_NAMED:
        yield f"{len(found) - MAX_NAMED} more comments stand in its files."
