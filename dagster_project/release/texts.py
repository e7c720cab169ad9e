"""All texts of a file that a reader could find, regardless of its format.

A file of an unknown format is read as text, byte for byte: only compiled programs and fonts are skipped.
"""

import gzip
import html
import json
import re
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import duckdb
from pyarrow import parquet

from dagster_project.audit.quotations import read_texts
from dagster_project.release.tables import read_rows

COMPILED = frozenset({".wasm", ".woff", ".woff2", ".map"})
"""Suffixes of programs and fonts of libraries. They have no text of ours."""

WASM_MAGIC = b"\0asm"
"""First bytes of a compiled program, also in a compressed file or under another name."""

GZIP_MAGIC = b"\x1f\x8b"
ZIP_MAGIC = b"PK\x03\x04"

_TAG = re.compile(r"<[^>]*>")
_INLINE_TAG = re.compile(r"</?(?:a|abbr|b|code|em|i|mark|small|span|strong|sub|sup|u|wbr)\b[^>]*>")
"""Tags that may be inside a word without splitting it."""

_ESCAPE = re.compile(r"\\+(?:u([0-9a-fA-F]{4})|[nrtbf\"/\\])")


def read_file_texts(path: Path) -> Iterator[str]:
    """Read all texts of a file. Raises the errors of the file's format."""
    suffix = path.suffix.lower()
    if suffix in COMPILED:
        return
    if suffix in (".csv", ".parquet"):
        yield from {cell for row in read_rows(path) for cell in row}
        if suffix == ".parquet":
            for key, value in (parquet.read_metadata(path).metadata or {}).items():
                yield f"{key.decode()} {value.decode('utf-8', 'replace')}"
    elif suffix == ".duckdb":
        with duckdb.connect(str(path), read_only=True) as connection:
            yield from read_texts(connection, "not internal")
    else:
        yield from _read_content(path.read_bytes(), suffix)


def _read_content(content: bytes, suffix: str) -> Iterator[str]:
    if content.startswith(ZIP_MAGIC):
        # A spreadsheet or document is an archive of XML.
        with zipfile.ZipFile(BytesIO(content)) as archive:
            for name in archive.namelist():
                yield from _read_content(archive.read(name), Path(name).suffix.lower())
        return
    if content.startswith(GZIP_MAGIC):
        content = gzip.decompress(content)
    if content.startswith(WASM_MAGIC):
        return
    text = content.decode("utf-8", "replace")
    if suffix in (".html", ".xml", ".svg", ".rels"):
        # The text that is displayed, and the text within tags: descriptions of images, links, comments.
        yield _extract_displayed_text(text)
        yield html.unescape(" ".join(_TAG.findall(text)))
    elif suffix == ".json":
        yield from _read_json(json.loads(text))
    else:
        yield text


def _extract_displayed_text(markup: str) -> str:
    return html.unescape(_TAG.sub(" ", _INLINE_TAG.sub("", markup)))


def _read_json(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        # The search index contains markup of pages.
        yield _extract_displayed_text(value)
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from _read_json(key)
            yield from _read_json(one)
    elif isinstance(value, list):
        for one in value:
            yield from _read_json(one)


def unescape_event(text: str) -> str:
    """Replace the escape sequences in an event of Dagster by their characters."""
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)) if match[1] else " ", text)
