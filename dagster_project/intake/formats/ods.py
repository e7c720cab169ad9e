"""Spreadsheets of LibreOffice (.ods) as grids.

Read from the XML itself: calamine shows neither merged cells nor formulas without a result in this format.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from lxml import etree

from dagster_project.intake.formats.grid import (
    COVERED,
    DIFFERENT,
    Grid,
    Marks,
    Note,
    Place,
    name_sheet_cell,
)
from dagster_project.intake.formats.ods_styles import CellStyle, read_styles
from dagster_project.intake.formats.xml import get_local_name, parse_part
from dagster_project.intake.problems import Rejected, reject_unsafe
from dagster_project.intake.security.guard import OfficeFile
from dagster_project.intake.security.limits import MAX_COLUMNS, MAX_ROWS
from dagster_project.intake.text import clean_text

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_HIDDEN = "hidden by its format"
_DATE_PARTS = re.compile(r"\w+")
_INVISIBLE = ("collapse", "filter")
_GROUPS = {f"{_TABLE}{name}" for name in ("table-row-group", "table-rows", "table-header-rows")}

_COLUMN_GROUPS = {
    f"{_TABLE}{name}" for name in ("table-column-group", "table-columns", "table-header-columns")
}


def read_opendocument(parts: OfficeFile) -> Iterator[Grid]:
    """Read every sheet, also a hidden one. Raises `KeyError` or `etree.XMLSyntaxError` on a broken file."""
    if b"encryption-data" in parts.get("META-INF/manifest.xml", b""):
        raise Rejected("password_protected", "The file opens only with a password.")
    document = parse_part(parts["content.xml"])
    styles = read_styles(document, parts.get("styles.xml", b""))
    hidden = {
        style.get(f"{_STYLE}name")
        for style in document.iter(f"{_STYLE}style")
        for properties in style.iterfind(f"{_STYLE}table-properties")
        if properties.get(f"{_TABLE}display") == "false"
    }
    sheets = document.findall(f"{_OFFICE}body/{_OFFICE}spreadsheet")
    if len(sheets) > 1:
        raise reject_unsafe("it holds two spreadsheets")
    # A table within a link to another file is not a sheet.
    for table in document.iterfind(f"{_OFFICE}body/{_OFFICE}spreadsheet/{_TABLE}table"):
        if table.find(f"{_TABLE}table-source") is not None:
            raise reject_unsafe("a sheet is linked to another file, which can show other answers")
        yield _read_sheet(table, styles, is_hidden=table.get(f"{_TABLE}style-name") in hidden)


def _read_sheet(table: etree._Element, styles: Mapping[str, CellStyle], *, is_hidden: bool) -> Grid:
    columns = _read_column_styles(table)
    marks = Marks()
    merged: dict[Place, Place] = {}
    notes: dict[Place, tuple[Note, ...]] = {}
    doubts: dict[Place, str] = {}
    hidden_rows: set[int] = set()
    rows: list[tuple[str, ...]] = []
    for element in _iterate_rows(table):
        repeated = _get_number(element, "number-rows-repeated")
        if element.get(f"{_TABLE}visibility") in _INVISIBLE:
            hidden_rows.update(range(len(rows), len(rows) + min(repeated, MAX_ROWS)))
        notes.update(_read_notes(element, len(rows)))
        cells = _read_cells(element, rows, marks, merged, doubts)
        for place, style in _read_cell_styles(element, len(rows), columns, styles):
            if style.fill:
                marks.colours[place] = style.fill
            if style.doubt and place[1] < len(cells) and cells[place[1]]:
                doubts[place] = style.doubt
        doubts.update(_find_doubts(element, len(rows), styles))
        # The sheet's empty end is one row repeated a million times: no limit of filled rows applies to it.
        rows.extend([cells] * min(repeated, MAX_ROWS + 1 - len(rows)))
        if any(cells) and len(rows) > MAX_ROWS:
            raise Rejected(
                "unsafe_file", f"The file was not read: a sheet has more than {MAX_ROWS:,} rows, the limit."
            )
        if len(rows) > MAX_ROWS:
            break
    while rows and not any(rows[-1]):
        rows.pop()
    return Grid(
        name=clean_text(table.get(f"{_TABLE}name") or ""),
        rows=tuple(rows),
        cell_name=name_sheet_cell,
        is_hidden=is_hidden,
        hidden_rows=frozenset(hidden_rows),
        hidden_columns=_find_hidden_columns(table),
        notes=notes,
        doubts=doubts,
        merged=merged,
        look=lambda: marks,
    )


def _read_notes(row: etree._Element, row_no: int) -> Iterator[tuple[Place, tuple[Note, ...]]]:
    """Read the notes of a row's cells, by place."""
    column = 0
    for cell in row:
        if get_local_name(cell) in ("table-cell", "covered-table-cell"):
            texts = [
                clean_text("\n".join("".join(line.itertext()) for line in note.iter(f"{_TEXT}p")))
                for note in cell.iterchildren(f"{_OFFICE}annotation")
            ]
            if texts:
                yield (row_no, column), tuple(Note("Cell note", text) for text in texts)
            column += _get_number(cell, "number-columns-repeated")


def _read_column_styles(table: etree._Element) -> list[str]:
    """Read the default style of the cells of each column."""
    names: list[str] = []
    for element in _iterate_columns(table):
        count = min(_get_number(element, "number-columns-repeated"), MAX_COLUMNS - len(names))
        names += [element.get(f"{_TABLE}default-cell-style-name") or ""] * count
    return names


def _read_cell_styles(
    row: etree._Element, row_no: int, columns: Sequence[str], styles: Mapping[str, CellStyle]
) -> Iterator[tuple[Place, CellStyle]]:
    """Read the styles of a row's cells that have an effect: their own, or the row's or column's default."""
    default, column = row.get(f"{_TABLE}default-cell-style-name"), 0
    for cell in row.iterchildren(f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
        own = cell.get(f"{_TABLE}style-name") or default
        count = min(_get_number(cell, "number-columns-repeated"), MAX_COLUMNS - column)
        for place in range(column, column + count):
            name = own or (columns[place] if place < len(columns) else "")
            if style := styles.get(name):
                yield (row_no, place), style
        column += count


def _find_doubts(
    row: etree._Element, row_no: int, styles: Mapping[str, CellStyle]
) -> Iterator[tuple[Place, str]]:
    """Find the doubts about parts of the text of a row's cells, by place."""
    column = 0
    for cell in row.iterchildren(f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
        paragraphs = cell.findall(f"{_TEXT}p")
        spans = [span for paragraph in paragraphs for span in paragraph.iter(f"{_TEXT}span")]
        names = [span.get(f"{_TEXT}style-name") or "" for span in spans if "".join(span.itertext()).strip()]
        doubt = next((styles[name].doubt for name in names if name in styles and styles[name].doubt), "")
        if doubt:
            yield (row_no, column), doubt
        elif (
            paragraphs and cell.get(f"{_OFFICE}value") and not any("".join(p.itertext()) for p in paragraphs)
        ):
            yield (row_no, column), _HIDDEN
        column += _get_number(cell, "number-columns-repeated")


def _find_hidden_columns(table: etree._Element) -> frozenset[int]:
    hidden: set[int] = set()
    column = 0
    for element in _iterate_columns(table):
        count = min(_get_number(element, "number-columns-repeated"), MAX_COLUMNS)
        if element.get(f"{_TABLE}visibility") in _INVISIBLE:
            hidden.update(range(column, column + count))
        column += count
    return frozenset(hidden)


def _iterate_columns(element: etree._Element) -> Iterator[etree._Element]:
    for child in element:
        if child.tag == f"{_TABLE}table-column":
            yield child
        elif child.tag in _COLUMN_GROUPS:
            yield from _iterate_columns(child)


def _iterate_rows(element: etree._Element) -> Iterator[etree._Element]:
    for child in element:
        if child.tag == f"{_TABLE}table-row":
            yield child
        elif child.tag in _GROUPS:
            yield from _iterate_rows(child)


def _read_cells(
    row: etree._Element,
    rows: Sequence[tuple[str, ...]],
    marks: Marks,
    merged: dict[Place, Place],
    doubts: dict[Place, str],
) -> tuple[str, ...]:
    """Read the texts of the row below `rows`. Adds to `marks`, `merged` and `doubts` what its cells have."""
    texts: list[str] = []
    row_no, shown = len(rows), ""
    for cell in row:
        if get_local_name(cell) not in ("table-cell", "covered-table-cell"):
            continue
        place = (row_no, len(texts))
        text = _read_text(cell)
        if cell.tag == f"{_TABLE}table-cell":
            shown = text
            stored = cell.get(f"{_OFFICE}string-value")
            if text and stored is not None and stored.split() != text.split():
                doubts[place] = DIFFERENT
        elif text and text not in (shown, _get_text(rows, merged.get(place))):
            doubts[place] = COVERED
        if not text and cell.get(f"{_TABLE}formula"):
            marks.unvalued[place] = "a formula whose result is not in the file"
        for below in range(1, min(_get_number(cell, "number-rows-spanned"), MAX_ROWS)):
            merged[row_no + below, len(texts)] = place
        count = _get_number(cell, "number-columns-repeated")
        if text and len(texts) + count > MAX_COLUMNS:
            raise reject_unsafe(f"it has cells beyond column ZZ, the limit of {MAX_COLUMNS} columns")
        texts.extend([text] * min(count, MAX_COLUMNS - len(texts)))
    while texts and not texts[-1]:
        texts.pop()
    return tuple(texts)


def _get_text(rows: Sequence[tuple[str, ...]], place: Place | None) -> str:
    return "".join(rows[place[0]][place[1] : place[1] + 1]) if place else ""


def _read_text(cell: etree._Element) -> str:
    paragraphs = [
        "".join(_iterate_text(paragraph)) for paragraph in cell.iterchildren(f"{_TEXT}p", f"{_TEXT}h")
    ]
    shown = clean_text("\n".join(paragraphs))
    date = cell.get(f"{_OFFICE}date-value")
    if date and (not shown or len(_DATE_PARTS.findall(shown)) >= 3):
        # Day, month and year are shown, in an order that the text does not say.
        return clean_text(date.removesuffix("T00:00:00"))
    return shown or (cell.get(f"{_OFFICE}value") or "").removesuffix(".0")


def _iterate_text(element: etree._Element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        name = get_local_name(child)
        if name == "s":
            yield " " * min(int(child.get(f"{_TEXT}c") or 1), 1_000)
        elif name == "tab":
            yield "\t"
        elif name == "line-break":
            yield "\n"
        elif name not in ("annotation", "note", "ruby-text"):
            # Notes are not part of the text.
            yield from _iterate_text(child)
        yield child.tail or ""


def _get_number(element: etree._Element, name: str) -> int:
    text = element.get(f"{_TABLE}{name}") or "1"
    return max(int(text[:9]), 1) if text.isascii() and text.isdigit() else 1
