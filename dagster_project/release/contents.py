"""The tables in the files of a release, read from the files themselves."""

import json
import re
import zipfile
from pathlib import Path

import duckdb

from dagster_project.release.database import ABOUT_TABLE
from dagster_project.release.datapackage import DESCRIPTOR
from dagster_project.release.open_data import README

_TABLE_NAME = re.compile(r'<table [^>]*\bdisplayName="([^"]+)"')
# gptables names the tables of its own two sheets so.
_SHEETS_OF_WORDS = {"contents_table", "notes_table"}


def tables_in(path: Path) -> set[str]:
    """The names of the tables in one file, less those that hold only words about the release.

    A kind of file that is not known here counts as a table of the file's name.
    """
    if path.name == README:
        return set()
    if path.name == DESCRIPTOR:
        return {resource["name"] for resource in json.loads(path.read_text(encoding="utf-8"))["resources"]}
    match path.suffix:
        case ".duckdb":
            with duckdb.connect(str(path), read_only=True) as connection:
                found = connection.execute(
                    "select table_name from duckdb_tables() union all"
                    " select view_name from duckdb_views() where not internal"
                ).fetchall()
            return {name for (name,) in found} - {ABOUT_TABLE}
        case ".zip":
            with zipfile.ZipFile(path) as archive:
                return {Path(name).stem for name in archive.namelist()} - {
                    Path(README).stem,
                    Path(DESCRIPTOR).stem,
                }
        case ".xlsx":
            return _tables_of_sheets(path) - _SHEETS_OF_WORDS
        case _:
            return {path.stem}


def _tables_of_sheets(path: Path) -> set[str]:
    with zipfile.ZipFile(path) as archive:
        parts = [name for name in archive.namelist() if name.startswith("xl/tables/")]
        return {name for part in parts for name in _TABLE_NAME.findall(archive.read(part).decode())}
