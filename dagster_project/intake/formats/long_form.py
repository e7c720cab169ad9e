"""Answers in the long form (.csv): a row per question with committee, question, rating and comment."""

import codecs
import csv
import io
from collections.abc import Iterator

from dagster_project.intake.formats.grid import Grid
from dagster_project.intake.problems import Rejected
from dagster_project.intake.security.limits import MAX_COLUMNS, MAX_MEMBER_BYTES, MAX_ROWS
from dagster_project.intake.text import clean

_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}


def read_longform(content: bytes) -> Iterator[Grid]:
    """The rows of the file as one grid. Raises `Rejected` past a limit, `csv.Error` on a broken file."""
    text = _decoded(content).replace("\x00", "")
    header = text.lstrip("\n\r").split("\n", 1)[0]
    delimiter = max(",;\t|", key=header.count)
    csv.field_size_limit(MAX_MEMBER_BYTES)
    rows: list[tuple[str, ...]] = []
    for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
        if len(rows) == MAX_ROWS:
            raise Rejected(
                "unsafe_file", f"The file was not read: it has more than {MAX_ROWS:,} rows, the limit."
            )
        rows.append(tuple(clean(field) for field in row[:MAX_COLUMNS]))
    yield Grid("rows", tuple(rows), lambda row, column: f"record {row + 1}, column {column + 1}")


def _decoded(content: bytes) -> str:
    if len(content) > MAX_MEMBER_BYTES:
        raise Rejected(
            "unsafe_file",
            f"The file was not opened: it has {len(content):,} bytes; the limit is {MAX_MEMBER_BYTES:,}.",
        )
    for mark, encoding in _MARKS.items():
        if content.startswith(mark):
            return content.decode(encoding, errors="replace")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        # What Excel on Windows writes as plain CSV.
        return content.decode("cp1252", errors="replace")
