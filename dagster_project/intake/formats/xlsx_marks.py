"""Marks of a sheet of Excel: cell colours, and formulas and errors without text in the file."""

import re
from collections.abc import Iterator, Mapping

from lxml import etree

from dagster_project.intake.formats.grid import Marks, Place, parse_cell_name
from dagster_project.intake.formats.xlsx_parts import WorkbookParts
from dagster_project.intake.formats.xlsx_styles import read_styles
from dagster_project.intake.formats.xml import check_syntax, parse_part
from dagster_project.intake.security.guard import OfficeFile
from dagster_project.intake.security.limits import MAX_COLUMNS

_HIDDEN = re.compile(rb"""\s(?:hidden|(?:ht|width)\s*=\s*["']\s*[.0])""")
_STYLED = re.compile(rb'<c r="([A-Z]+\d+)" s="(\d+)"')


def read_marks(parts: OfficeFile, names: WorkbookParts, name: str, start: Place) -> Marks:
    """Read the marks of the sheet in the part of this name, by place from `start`."""
    marks = Marks()
    styles = read_styles(parts.get(names.styles, b""), parts.get(names.theme, b""))
    fills = {str(number): style.fill for number, style in styles.items() if style.fill}
    for address, style, lacking in _find_marked_cells(parts[name], parts.is_plain_sheet(name), fills):
        shade = fills.get(style)
        if address and (shade or lacking):
            row, column = parse_cell_name(address)
            place = (row - start[0], column - start[1])
            if shade:
                marks.colours[place] = shade
            if lacking:
                marks.unvalued[place] = lacking
    return marks


def find_hidden(part: bytes, start: Place) -> tuple[frozenset[int], frozenset[int]]:
    """Find hidden rows and columns of a sheet, also those without height or width, counted from `start`."""
    if not _HIDDEN.search(part):
        return frozenset(), frozenset()
    root = parse_part(part)
    rows = {
        number - start[0]
        for number, row in _number_rows(root)
        if _is_true(row.get("hidden")) or _is_zero(row.get("ht"))
    }
    columns = {
        column - 1 - start[1]
        for element in root.iterfind("{*}cols/{*}col")
        if _is_true(element.get("hidden")) or _is_zero(element.get("width"))
        for column in range(int(element.get("min", "1")), min(int(element.get("max", "1")), MAX_COLUMNS) + 1)
    }
    return frozenset(rows), frozenset(columns)


def _number_rows(sheet: etree._Element) -> Iterator[tuple[int, etree._Element]]:
    """Yield each row with its number from 0. A row without one has that of its first cell, or follows the last."""
    number = -1
    for row in sheet.iter("{*}row"):
        number += 1
        if row.get("r"):
            number = int(row.get("r", "")) - 1
        elif first := next((cell.get("r") for cell in row if cell.get("r")), None):
            number = parse_cell_name(first)[0]
        yield number, row


def _is_true(value: str | None) -> bool:
    return value is not None and value.strip() in ("1", "true")


def _is_zero(size: str | None) -> bool:
    return size is not None and not size.strip().strip("0.")


def _find_marked_cells(
    part: bytes, is_plain: bool, fills: Mapping[str, str]
) -> Iterator[tuple[str | None, str, str | None]]:
    """Find the address and style of every cell that can have a mark, and describe its missing value."""
    if is_plain:
        check_syntax(part)
        # A plain sheet has no missing values, and each cell is written in one way.
        filled = {style.encode() for style in fills}
        for address, style in _STYLED.findall(part) if filled else ():
            if style in filled:
                yield address.decode(), style.decode(), None
        return
    for cell in parse_part(part).iter("{*}c"):
        yield cell.get("r"), (cell.get("s") or "0").lstrip("0") or "0", _describe_missing_value(cell)


def _describe_missing_value(cell: etree._Element) -> str | None:
    """Describe what a cell has in place of a value; None where it has a value or is empty."""
    if cell.get("t") == "e":
        return "an error instead of a value"
    if not len(cell) or cell.find("{*}f") is None:
        return None
    value = cell.find("{*}v")
    return "a formula whose result is not in the file" if value is None or not value.text else None
