"""Every text that stands in a release or a log, whatever the format: what a reader could find in it.

A file of a format that is not known here is read as text, byte for byte: nothing is passed over but what is
compiled.
"""

import csv
import gzip
import html
import json
import re
import zipfile
from collections.abc import Iterator
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import duckdb
from pyarrow import parquet
from python_calamine import CalamineWorkbook

from dagster_project.audit.quotations import read_texts

COMPILED = frozenset({".wasm", ".woff", ".woff2", ".map"})
"""Programs and fonts of libraries; they hold no text of ours."""

_PROGRAM = b"\0asm"
"""How a compiled program begins, whatever its file is called and however it is packed."""

TABULAR = frozenset({".csv", ".duckdb", ".parquet", ".xlsx", ".zip"})
"""Files of tables, as far as `rows_of` can read them."""

GZIP = b"\x1f\x8b"
"""How a packed file begins."""

_BATCH = 10_000

_TAG = re.compile(r"<[^>]*>")
_WITHIN_WORDS = re.compile(r"</?(?:a|abbr|b|code|em|i|mark|small|span|strong|sub|sup|u|wbr)\b[^>]*>")
"""Tags that may stand in the middle of a word and leave it one."""
_ESCAPE = re.compile(r"\\+(?:u([0-9a-fA-F]{4})|[nrtbf\"/\\])")


def texts_of(path: Path) -> Iterator[str]:
    """All texts of one file. Raises what the file's format raises where it is broken."""
    suffix = path.suffix.lower()
    if suffix in COMPILED:
        return
    if suffix in (".csv", ".parquet"):
        yield from {cell for row in rows_of(path) for cell in row}
        if suffix == ".parquet":
            yield from _of_metadata(path)
    elif suffix == ".duckdb":
        with duckdb.connect(str(path), read_only=True) as connection:
            yield from read_texts(connection, "not internal")
    else:
        yield from _of_content(path.read_bytes(), suffix)


def rows_of(path: Path) -> Iterator[list[str]]:
    """Rows of all tables in one file, each after its header; what is no text as it would be printed."""
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
                for (name,) in connection.execute(
                    "select table_name from duckdb_tables() union all"
                    " select view_name from duckdb_views() where not internal"
                ).fetchall():
                    cursor = connection.execute(f'from "{name}"')
                    yield [column[0] for column in cursor.description or ()]
                    while rows := cursor.fetchmany(_BATCH):
                        yield from ([str(value) for value in row] for row in rows)


def _of_metadata(path: Path) -> Iterator[str]:
    for key, value in (parquet.read_metadata(path).metadata or {}).items():
        yield f"{key.decode()} {value.decode('utf-8', 'replace')}"


def _of_content(content: bytes, suffix: str) -> Iterator[str]:
    if content.startswith(b"PK\x03\x04"):
        # A spreadsheet or document is an archive of XML.
        with zipfile.ZipFile(BytesIO(content)) as archive:
            for name in archive.namelist():
                yield from _of_content(archive.read(name), Path(name).suffix.lower())
        return
    if content.startswith(GZIP):
        content = gzip.decompress(content)
    if content.startswith(_PROGRAM):
        return
    text = content.decode("utf-8", "replace")
    if suffix in (".html", ".xml", ".svg", ".rels"):
        # What is shown, and what stands within tags: descriptions of pictures, links, notes to oneself.
        yield _shown(text)
        yield html.unescape(" ".join(_TAG.findall(text)))
    elif suffix == ".json":
        yield from _of_json(json.loads(text))
    else:
        yield text


def _shown(markup: str) -> str:
    return html.unescape(_TAG.sub(" ", _WITHIN_WORDS.sub("", markup)))


def _of_json(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        # The search index holds pieces of pages.
        yield _shown(value)
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from _of_json(key)
            yield from _of_json(one)
    elif isinstance(value, list):
        for one in value:
            yield from _of_json(one)


def unescaped(text: str) -> str:
    """Text of a log, in which line ends and letters may be written as escapes."""
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)) if match[1] else " ", text)
