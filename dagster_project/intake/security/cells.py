"""The limit on the cells of a worksheet of .xlsx, before calamine allocates memory for all of them.

calamine fills the rectangle between the first and the last cell with a value: one far cell costs gigabytes. Cells
without a value cost nothing: programs write empty rows with a format down to the end of the sheet.
"""

import re
from collections.abc import Iterator

from dagster_project.intake.problems import reject_unsafe
from dagster_project.intake.security.limits import MAX_COLUMNS, MAX_ROWS

MAX_CELLS = 1_000_000
"""Cells and rows of a sheet with a value or without, as they are written in the file."""

_SHEET_DATA = re.compile(rb"<(?:\w+:)?sheetData[\s>/]")
_ATTRIBUTES = rb"""(?:[^<>"']|"[^"<]*"|'[^'<]*')*+"""
_TAG = re.compile(rb"<(?:\w+:)?(c|row)(?=[\s/>])(" + _ATTRIBUTES + rb")>")
_ATTRIBUTE = re.compile(rb"""([\w:.-]+)\s*=\s*["']([^"']*)["']""")
_NO_VALUE = re.compile(rb"\s*</(?:\w+:)?c\s*>")

# A row below 5,000 and a column up to ZZ, written as nearly all programs do, and no second name.
_NEAR = re.compile(
    rb'<(?:c r="[A-Z]{1,2}|row r=")(?:\d{1,3}|[1-4]\d{3})"(?=(?:\s+(?!r[\s=])[\w:.-]+="[^"<]*")*+\s*/?>)'
)
_ANY = re.compile(rb"<(?:\w+:)?(?:c|row)[\s/>]")
_NAMES = re.compile(rb'<(?:c r="([A-Z]+)(\d+)"|row r="(\d+)")')
_TWO_VALUES = re.compile(rb"[^>]</(?:\w+:)?(?:v|t|r|is)>(?:</(?:\w+:)?(?:is|r)>)*\s*<(?:\w+:)?(?:v|is)[\s/>]")
_TWICE = "a row or cell of a sheet is written twice, or a cell within another row"
_CELL_NAME = re.compile(rb"([A-Za-z]{1,3})(\d+)")


def has_sheet_data(content: bytes) -> bool:
    """Return whether a part is a worksheet, in any place of the archive and under any name."""
    return bool(_SHEET_DATA.search(content))


def check_places(sheet: bytes) -> None:
    """Refuse a sheet with two tables of cells, a cell with two values, or a row or cell that is written twice.

    Raises `Rejected`. Names of cells that are not written as nearly all programs write them are read one by one.
    """
    if b"<!" in sheet:
        sheet = _remove_markup(sheet)
    if len(_SHEET_DATA.findall(sheet)) > 1:
        raise reject_unsafe("a sheet holds two tables of cells")
    if _TWO_VALUES.search(sheet):
        raise reject_unsafe("a cell of a sheet holds two values")
    if not _has_consistent_names(sheet):
        for _ in _iterate_places(sheet):
            pass


def check_cells(sheet: bytes) -> None:
    """Refuse a sheet with a value beyond the limits of rows and columns, or a place that is written twice.

    Raises `Rejected`.
    """
    count = len(_ANY.findall(sheet))
    if count > MAX_CELLS:
        raise reject_unsafe(f"a sheet has {count:,} rows and cells; the limit is {MAX_CELLS:,}")
    if len(_NEAR.findall(sheet)) == count:
        return
    for row, column in _iterate_places(_remove_markup(sheet)):
        if row > MAX_ROWS:
            raise reject_unsafe(f"it has cells beyond row {MAX_ROWS:,}, the limit")
        if column > MAX_COLUMNS:
            raise reject_unsafe(f"it has cells beyond column ZZ, the limit of {MAX_COLUMNS} columns")


def _has_consistent_names(sheet: bytes) -> bool:
    """Return whether no row or cell is written twice, and every cell is within the row that its name says.

    False also where a row has its number behind another attribute, or none.
    """
    rows: set[bytes] = set()
    columns: set[bytes] = set()
    current = b""
    for column, row_of_cell, row in _NAMES.findall(sheet):
        if row:
            if row in rows:
                return False
            rows.add(row)
            columns.clear()
            current = row
        elif row_of_cell != current or column in columns:
            return False
        else:
            columns.add(column)
    return True


def _iterate_places(sheet: bytes) -> Iterator[tuple[int, int]]:
    """Yield row and column, from 1, of each cell with a value.

    A cell or row without a number follows the one before. Raises `Rejected` where a place is written twice.
    """
    row = column = 0
    is_numbered = False
    rows: set[int] = set()
    columns: set[int] = set()
    for tag in _TAG.finditer(sheet):
        names = [value for name, value in _ATTRIBUTE.findall(tag[2]) if name == b"r"]
        if tag[1] == b"row":
            row, column, is_numbered = _parse_row(names) if names else row + 1, 0, bool(names)
            if row in rows:
                raise reject_unsafe(_TWICE)
            rows.add(row)
            columns.clear()
            continue
        if names:
            cell_row, column = _parse_cell(names)
            if cell_row != row:
                # Only the first cell of a row without a number says which row it is.
                if is_numbered or columns or cell_row in rows:
                    raise reject_unsafe(_TWICE)
                rows.discard(row)
                row = cell_row
                rows.add(row)
        else:
            column += 1
        if column in columns:
            raise reject_unsafe(_TWICE)
        columns.add(column)
        if not tag[2].endswith(b"/") and not _NO_VALUE.match(sheet, tag.end()):
            yield row, column


def _parse_row(names: list[bytes]) -> int:
    if len(names) > 1 or not names[0].isdigit():
        raise reject_unsafe("a row has no valid number, such as 1")
    return int(names[0][:18])


def _parse_cell(names: list[bytes]) -> tuple[int, int]:
    parts = _CELL_NAME.fullmatch(names[0])
    if len(names) > 1 or not parts:
        raise reject_unsafe("a cell has no valid name, such as A1")
    column = 0
    for letter in parts[1].upper():
        column = 26 * column + letter - ord("A") + 1
    return _parse_row([parts[2]]), column


def _remove_markup(sheet: bytes) -> bytes:
    """Remove comments and literal text, in which tags are text, from a sheet."""
    for start, end in ((b"<!--", b"-->"), (b"<![CDATA[", b"]]>")):
        first, *others = sheet.split(start)
        sheet = first + b"".join(other.partition(end)[2] for other in others)
    return sheet
