"""Hashes of tables and of open-data files that depend on their content alone.

A table's hash covers column names, column types, column order and all rows in any order. Floating-point numbers
count to 12 significant digits: the last digits depend on the order of a sum. Comments and constraints do not count.
"""

import datetime
import hashlib
import json
import zipfile
from collections.abc import Iterable, Mapping
from decimal import Decimal
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import duckdb

LEFT_OUT = {
    "*return_file*.reader": "version of the code that read the file",
    "*return_file*.reader_version": "version of the code and of the library that read the file",
    "about_this_release.text": "id and time of the release; its caveat is in README.txt as well",
}
"""Columns whose values are not hashed, as `table.column`, with the reason. Their names and types are."""

RELEASE_WORDS = {"release": "<release id>", "made at": "<time>", "data version": "<data version>"}
"""Subjects of `about_this_release` whose text is replaced in files before they are hashed.

The data version is the end of the release id. It depends on how the code computes fingerprints.
"""

Entry = dict[str, Any]
"""Hash of one table or file, with its number of rows or bytes."""


def hash_database(path: Path) -> dict[str, Entry]:
    """Hash every table and view of a DuckDB file, by `schema/name`."""
    with duckdb.connect(str(path), read_only=True) as connection:
        names = connection.execute(
            "select schema_name, table_name from duckdb_tables() union all "
            "select schema_name, view_name from duckdb_views() where not internal order by all"
        ).fetchall()
        return {
            f"{schema}/{name}": hash_relation(connection, f'"{schema}"."{name}"', name)
            for schema, name in names
        }


def hash_relation(connection: duckdb.DuckDBPyConnection, source: str, table: str) -> Entry:
    """Hash what `select * from source` returns, as a whole and by column."""
    described = connection.execute(f"describe select * from {source}").fetchall()
    columns = [f"{name} {kind.lower()}" for name, kind, *_ in described]
    hashed = [not is_left_out(table, name) for name, *_ in described]
    rows = [
        [_to_canonical(value) if is_hashed else None for value, is_hashed in zip(row, hashed, strict=True)]
        for row in connection.execute(f"select * from {source}").fetchall()
    ]
    return {
        "rows": len(rows),
        "hash": _hash_lines([json.dumps(columns), *_sort_texts(rows)]),
        "columns": {
            column: _hash_lines(_sort_texts(row[place] for row in rows))[:8]
            for place, column in enumerate(columns)
        },
    }


def drop_columns(entry: Entry) -> Entry:
    """Return an entry without the hashes of its columns, to keep a snapshot small."""
    return {key: value for key, value in entry.items() if key != "columns"}


def is_left_out(table: str, column: str) -> bool:
    """Return whether a column's values are not hashed."""
    return any(fnmatch(f"{table}.{column}", pattern) for pattern in LEFT_OUT)


def _sort_texts(values: Iterable[object]) -> list[str]:
    return sorted(json.dumps(value, ensure_ascii=False) for value in values)


def _to_canonical(value: object) -> object:
    match value:
        case float():
            # Adding zero turns -0.0 into 0.0.
            return f"{value + 0.0:.12g}"
        case Decimal():
            return str(value.normalize())
        case list() | tuple():
            return [_to_canonical(item) for item in value]
        case dict():
            return sorted([str(key), _to_canonical(item)] for key, item in value.items())
        case datetime.date() | datetime.time():
            return value.isoformat()
        case None | bool() | int() | str():
            return value
    raise TypeError(f"no canonical form for a value of type {type(value).__name__}")


def read_release_words(database: Path) -> dict[str, str]:
    """Read the texts that differ between two releases of the same data, with their replacements."""
    with duckdb.connect(str(database), read_only=True) as connection:
        about = dict(connection.execute("select subject, text from about_this_release").fetchall())
    return {about[subject]: replacement for subject, replacement in RELEASE_WORDS.items()}


def hash_files(folder: Path, words: Mapping[str, str]) -> dict[str, Entry]:
    """Hash every file below a folder by its path, with `words` replaced. Databases are for `hash_database`.

    Of a Parquet file the table counts, without the metadata. Of a zip archive or a workbook the members count,
    unpacked, in any order.
    """
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".duckdb")
    return {path.relative_to(folder).as_posix(): _hash_file(path, words) for path in files}


def _hash_file(path: Path, words: Mapping[str, str]) -> Entry:
    if path.suffix == ".parquet":
        with duckdb.connect() as connection:
            quoted = str(path).replace("'", "''")
            return drop_columns(hash_relation(connection, f"read_parquet('{quoted}')", path.stem))
    if not zipfile.is_zipfile(path):
        content = _replace_words(path.read_bytes(), words)
        return {"bytes": len(content), "hash": hashlib.sha256(content).hexdigest()[:16]}
    with zipfile.ZipFile(path) as archive:
        members = {name: _replace_words(archive.read(name), words) for name in archive.namelist()}
    return {
        "bytes": sum(map(len, members.values())),
        "hash": _hash_lines(
            sorted(f"{name} {hashlib.sha256(content).hexdigest()}" for name, content in members.items())
        ),
    }


def _replace_words(content: bytes, words: Mapping[str, str]) -> bytes:
    # The longest first: a release id ends with its data version.
    for word in sorted(words, key=len, reverse=True):
        content = content.replace(word.encode(), words[word].encode())
    return content


def _hash_lines(lines: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]
