"""Office files as plain grids of text: what a person sees in rows and columns, and where it stands.

A format is known here and nowhere else; what the text means is found in `reading`.
"""

import datetime
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from lxml import etree
from python_calamine import CalamineWorkbook

from dagster_project.questionnaire.guard import read_members

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@dataclass(frozen=True)
class Grid:
    """A sheet or a table. `rows` holds text as typed; `cell_name` says where a row and column stand."""

    name: str
    rows: tuple[tuple[str, ...], ...]
    first_row: int
    first_column: int
    cell_name: Callable[[int, int], str]

    def at(self, row: int, column: int) -> str:
        """Name of the cell at these positions within `rows`, as its reader would look for it."""
        return self.cell_name(self.first_row + row, self.first_column + column)


def read_grids(path: Path) -> list[Grid]:
    """Read every sheet of a workbook, or every table of a document.

    Raises: `UnsafeFile` past a limit; whatever the parsers raise on a broken file.
    """
    members = read_members(path)
    return list(FORMATS[path.suffix.lower()](path, members))


def _sheets(path: Path, members: Mapping[str, bytes]) -> Iterator[Grid]:
    workbook = CalamineWorkbook.from_filelike(BytesIO(path.read_bytes()))
    for name in workbook.sheet_names:
        sheet = workbook.get_sheet_by_name(name)
        start_row, start_column = sheet.start or (0, 0)
        rows = tuple(tuple(map(_text, row)) for row in sheet.to_python(skip_empty_area=True))
        yield Grid(name, rows, start_row, start_column, _spreadsheet_cell)


def _tables(path: Path, members: Mapping[str, bytes]) -> Iterator[Grid]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    body = etree.fromstring(members["word/document.xml"], parser)
    for number, table in enumerate(body.iter(f"{_W}tbl"), start=1):
        rows = tuple(tuple(map(_cell_text, _children(row, "tc"))) for row in _children(table, "tr"))
        yield Grid(f"table {number}", rows, 0, 0, _document_cell)


def _children(element: etree._Element, tag: str) -> Iterator[etree._Element]:
    """Children of a kind, also those that stand in a content control."""
    for child in element:
        if child.tag == f"{_W}{tag}":
            yield child
        elif child.tag == f"{_W}sdt":
            for content in child.iterchildren(f"{_W}sdtContent"):
                yield from _children(content, tag)


def _cell_text(cell: etree._Element) -> str:
    """Text of a cell as its reader sees it: insertions and content controls count, deletions do not."""
    paragraphs = []
    for paragraph in cell.iter(f"{_W}p"):
        parts = []
        for element in paragraph.iter(f"{_W}t", f"{_W}tab", f"{_W}br"):
            parts.append(element.text or "" if element.tag == f"{_W}t" else " ")
        paragraphs.append("".join(parts))
    return "\n".join(paragraphs).strip()


def _text(value: object) -> str:
    if isinstance(value, datetime.datetime):
        return value.date().isoformat() if value.time() == datetime.time() else value.isoformat(" ")
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _spreadsheet_cell(row: int, column: int) -> str:
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row + 1}"


def _document_cell(row: int, column: int) -> str:
    return f"row {row + 1}, column {column + 1}"


FORMATS: Mapping[str, Callable[[Path, Mapping[str, bytes]], Iterator[Grid]]] = {
    ".xlsx": _sheets,
    ".docx": _tables,
}
