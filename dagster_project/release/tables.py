"""Tables in the files of a release, read from the files themselves: their names and their rows."""

import csv
import json
import re
import zipfile
from collections.abc import Iterator
from html import unescape
from io import StringIO
from pathlib import Path

import duckdb
from pyarrow import parquet
from python_calamine import CalamineWorkbook

from dagster_project.release.database import ABOUT_TABLE
from dagster_project.release.datapackage import DESCRIPTOR
from dagster_project.release.open_data import README

BATCH_ROWS = 10_000

_TABLES = (
    "select table_name from duckdb_tables() union all select view_name from duckdb_views() where not internal"
)
_DESCRIPTIONS = {ABOUT_TABLE, Path(README).stem, Path(DESCRIPTOR).stem, "contents_table", "notes_table"}
"""Tables and files that describe a release; the last two are the names that gptables gives to its own sheets."""

_HTML_ROW = re.compile(r"<tr\b.*?</tr>", re.DOTALL)
_HTML_CELL = re.compile(r"<t[dh]\b[^>]*>(.*?)</t[dh]>", re.DOTALL)
_HTML_TAG = re.compile(r"<[^>]*>")

Row = list[str]


def read_table_names(path: Path) -> set[str]:
    """Read the names of the tables in a file, without those that describe the release.

    A file of an unknown kind counts as a table with the file's name.
    """
    if path.name == DESCRIPTOR:
        return {resource["name"] for resource in json.loads(path.read_text(encoding="utf-8"))["resources"]}
    match path.suffix:
        case ".duckdb":
            with duckdb.connect(str(path), read_only=True) as connection:
                names = {name for (name,) in connection.execute(_TABLES).fetchall()}
        case ".zip":
            with zipfile.ZipFile(path) as archive:
                names = {Path(name).stem for name in archive.namelist()}
        case ".xlsx":
            names = set(CalamineWorkbook.from_path(path, load_tables=True).table_names or ())
        case _:
            names = {path.stem}
    return names - _DESCRIPTIONS


def read_rows(path: Path) -> Iterator[Row]:
    """Read the rows of all tables in a file, each table's header first. A file of an unknown kind has no rows."""
    match path.suffix:
        case ".csv":
            with path.open(encoding="utf-8", newline="") as file:
                yield from csv.reader(file)
        case ".zip":
            with zipfile.ZipFile(path) as archive:
                for name in archive.namelist():
                    yield from csv.reader(StringIO(archive.read(name).decode("utf-8", "replace"), newline=""))
        case ".xlsx":
            book = CalamineWorkbook.from_path(path)
            for sheet in book.sheet_names:
                yield from ([str(cell) for cell in row] for row in book.get_sheet_by_name(sheet).to_python())
        case ".parquet":
            with parquet.ParquetFile(path) as table:
                yield table.schema_arrow.names
                for batch in table.iter_batches():
                    for row in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                        yield [str(value) for value in row]
        case ".duckdb":
            with duckdb.connect(str(path), read_only=True) as connection:
                for (name,) in connection.execute(_TABLES).fetchall():
                    cursor = connection.execute(f'from "{name}"')
                    yield [column[0] for column in cursor.description or ()]
                    while rows := cursor.fetchmany(BATCH_ROWS):
                        yield from ([str(value) for value in row] for row in rows)
        case ".html":
            for row in _HTML_ROW.findall(path.read_text(encoding="utf-8")):
                yield [unescape(_HTML_TAG.sub("", cell)).strip() for cell in _HTML_CELL.findall(row)]
