"""Marks of a sheet of Excel: cell colours, and formulas and errors without text in the file."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from lxml import etree

from dagster_project.intake.formats.grid import Marks, Place, parse_cell_name, parse_colour
from dagster_project.intake.formats.xlsx_parts import WorkbookParts
from dagster_project.intake.formats.xml import check_syntax, local_name, parse
from dagster_project.intake.security.guard import OfficeFile
from dagster_project.intake.security.limits import MAX_COLUMNS

_STYLED = re.compile(rb'<c r="([A-Z]+\d+)" s="(\d+)"')
# Colours of a theme in the order of the numbers in a cell's style.
_THEME = ("lt1", "dk1", "lt2", "dk2", "accent1", "accent2", "accent3", "accent4", "accent5", "accent6")


def read_marks(parts: OfficeFile, names: WorkbookParts, name: str, start: Place) -> Marks:
    """The marks of the sheet in the part of this name, by place from `start`."""
    marks = Marks()
    fills = _read_fills(parts.get(names.styles, b""), parts.get(names.theme, b""))
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
    """Hidden rows and hidden columns of a sheet, counted from `start`."""
    if b"hidden" not in part:
        return frozenset(), frozenset()
    root = parse(part)
    rows = {
        int(row.get("r", "0")) - 1 - start[0]
        for row in root.iter("{*}row")
        if row.get("hidden") in ("1", "true")
    }
    columns = {
        column - 1 - start[1]
        for element in root.iterfind("{*}cols/{*}col")
        if element.get("hidden") in ("1", "true")
        for column in range(int(element.get("min", "1")), min(int(element.get("max", "1")), MAX_COLUMNS) + 1)
    }
    return frozenset(rows), frozenset(columns)


def _find_marked_cells(
    part: bytes, is_plain: bool, fills: Mapping[str, str]
) -> Iterator[tuple[str | None, str, str | None]]:
    """Address and style of every cell that can have a mark, and a description of its missing value."""
    if is_plain:
        check_syntax(part)
        # A plain sheet has no missing values, and each cell is written in one way.
        filled = {style.encode() for style in fills}
        for address, style in _STYLED.findall(part) if filled else ():
            if style in filled:
                yield address.decode(), style.decode(), None
        return
    for cell in parse(part).iter("{*}c"):
        yield cell.get("r"), (cell.get("s") or "0").lstrip("0") or "0", _describe_missing_value(cell)


def _describe_missing_value(cell: etree._Element) -> str | None:
    """The content of a cell in place of a value; None where it has a value or is empty."""
    if cell.get("t") == "e":
        return "an error instead of a value"
    if not len(cell) or cell.find("{*}f") is None:
        return None
    value = cell.find("{*}v")
    return "a formula whose result is not in the file" if value is None or not value.text else None


@lru_cache(maxsize=4)
def _read_fills(styles: bytes, theme: bytes) -> Mapping[str, str]:
    """Colour by number of cell style, as cells name it, where the style's fill has one."""
    if not styles:
        return {}
    root = parse(styles)
    colours = [_read_fill_colour(fill, theme) for fill in root.iterfind("{*}fills/{*}fill")]
    found = {}
    for number, style in enumerate(root.iterfind("{*}cellXfs/{*}xf")):
        fill = int(style.get("fillId") or 0)
        if fill < len(colours) and (value := colours[fill]):
            found[str(number)] = value
    return found


def _read_fill_colour(fill: etree._Element, theme: bytes) -> str | None:
    pattern = fill.find("{*}patternFill")
    if pattern is None or pattern.get("patternType") in (None, "none"):
        return None
    shade = pattern.find("{*}fgColor")
    if shade is None:
        return None
    if rgb := shade.get("rgb"):
        return parse_colour(rgb[-6:])
    if index := shade.get("indexed"):
        # Imported here: few programs use indexed colours, and the import takes 0.3 s.
        from openpyxl.styles.colors import COLOR_INDEX

        return parse_colour(COLOR_INDEX[int(index)][-6:]) if int(index) < len(COLOR_INDEX) else None
    if number := shade.get("theme"):
        return parse_colour(_read_theme(theme).get(int(number), ""))
    return None


def _read_theme(part: bytes) -> dict[int, str]:
    if not part:
        return {}
    found = {}
    for element in parse(part).iter():
        name = local_name(element)
        if name in _THEME and len(element):
            found[_THEME.index(name)] = element[0].get("lastClr") or element[0].get("val") or ""
    return found
