"""Workbooks of Excel (.xlsx, .xlsm) as grids. calamine reads the values."""

import datetime
import re
from collections.abc import Iterator, Sequence
from functools import partial

from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from dagster_project.intake.formats.grid import COVERED, STRUCK, Grid, Place, make_margin, name_sheet_cell
from dagster_project.intake.formats.number_formats import show_value
from dagster_project.intake.formats.xlsx_conditions import find_conditional_doubts, read_conditions
from dagster_project.intake.formats.xlsx_extras import Extras, read_extras, read_margins
from dagster_project.intake.formats.xlsx_marks import find_hidden, read_marks
from dagster_project.intake.formats.xlsx_parts import find_workbook_parts, pack_workbook
from dagster_project.intake.security.guard import OfficeFile
from dagster_project.intake.security.limits import MAX_COLUMNS
from dagster_project.intake.text import cache_short_texts, clean_text, decode_escapes

CellValue = float | str | bool | datetime.time | datetime.date | datetime.datetime | datetime.timedelta

HIDDEN_BY_FORMAT, REPLACED_BY_FORMAT = "hidden by its format", "shown otherwise by its format"

_FORMULA = re.compile(rb"<f[\s/>]")
_FORMULA_OR_ERROR = (b":f", b'"e"', b"'e'")
"""Texts that every sheet with prefixed formulas or with errors contains."""


def read_spreadsheet(parts: OfficeFile) -> Iterator[Grid]:
    """Yield every sheet of a workbook, also hidden ones. Raises `CalamineError` on a broken file."""
    # calamine returns an empty text for an error, and for a formula whose result is not in the file.
    names = find_workbook_parts(parts)
    may_lack_values = any(
        name in parts and not parts.is_plain_sheet(name) and _can_lack_values(parts[name])
        for name in names.sheets.values()
    )
    workbook = CalamineWorkbook.from_filelike(pack_workbook(parts, names))
    for sheet_no, metadata in enumerate(workbook.sheets_metadata):
        if metadata.typ is not SheetTypeEnum.WorkSheet:
            continue
        sheet = workbook.get_sheet_by_index(sheet_no)
        first_row, first_column = start = sheet.start or (0, 0)
        part = names.sheets[metadata.name]
        hidden_rows, hidden_columns = find_hidden(parts[part], start)
        extras = read_extras(parts, names, part, start)
        values = ((row[:MAX_COLUMNS]) for row in sheet.to_python(skip_empty_area=True))
        rows = (
            tuple(
                tuple(_show_cell((number, column), value, extras) for column, value in enumerate(row))
                for number, row in enumerate(values)
            )
            if extras.formats or extras.symbols
            else tuple(tuple(map(_format_cached, row)) for row in values)
        )
        conditions = read_conditions(parts[part], parts.get(names.styles, b""))
        doubts = dict(find_conditional_doubts(rows, start, conditions))
        if doubts:
            filled = read_marks(parts, names, part, start).colours
            doubts = {
                place: doubt for place, doubt in doubts.items() if doubt == STRUCK or place not in filled
            }
        merged = sheet.merged_cell_ranges or []
        doubts |= dict(_find_covered_texts(merged, start, rows))
        yield Grid(
            name=clean_text(metadata.name),
            rows=rows,
            cell_name=name_sheet_cell,
            first_row=first_row,
            first_column=first_column,
            is_hidden=metadata.visible is not SheetVisibleEnum.Visible,
            hidden_rows=hidden_rows,
            hidden_columns=hidden_columns,
            notes=extras.notes,
            doubts=doubts | extras.doubts,
            merged=_map_merged_cells(merged, start),
            may_lack_values=may_lack_values,
            look=partial(read_marks, parts, names, part, start),
        )
        for source, text in read_margins(parts[part]):
            yield make_margin(clean_text(metadata.name), source, text)


def _show_cell(place: Place, value: CellValue, extras: Extras) -> str:
    """Return the text of a cell. `extras` gets a doubt where the cell shows another text."""
    number_format = extras.formats.get(place)
    if value != "" and number_format:
        shown = show_value(value, number_format)
        if not shown:
            extras.doubts[place] = HIDDEN_BY_FORMAT if shown == "" else REPLACED_BY_FORMAT
        elif not isinstance(value, str):
            return shown
    return extras.symbols.get(place) or _format_cached(value)


def _can_lack_values(part: bytes) -> bool:
    return bool(_FORMULA.search(part)) or any(sign in part for sign in _FORMULA_OR_ERROR)


def _map_merged_cells(ranges: list[tuple[Place, Place]], start: Place) -> dict[Place, Place]:
    """Map each cell below the first of a merged range to that first one, by place within the grid."""
    covered = {}
    for (top, left), (bottom, _) in ranges:
        for row in range(top + 1, min(bottom, top + 5_000) + 1):
            covered[row - start[0], left - start[1]] = (top - start[0], left - start[1])
    return covered


def _find_covered_texts(
    ranges: list[tuple[Place, Place]], start: Place, rows: Sequence[Sequence[str]]
) -> Iterator[tuple[Place, str]]:
    """Find the texts of cells that are merged into another one, which programs do not show."""
    for (top, left), (bottom, right) in ranges:
        first, column = top - start[0], left - start[1]
        # A program that inserts rows leaves the template's merged headings behind, over whole rows of answers.
        is_whole_row = column == 0 and right - start[1] + 1 >= max(map(len, rows), default=0)
        if first < 0 or column < 0 or is_whole_row:
            continue
        shown = "".join(rows[first][column : column + 1]) if first < len(rows) else ""
        for row in range(first, min(bottom - start[0] + 1, len(rows))):
            for place, text in enumerate(rows[row][column : right - start[1] + 1], start=column):
                if text and text != shown:
                    yield (row, place), COVERED


def format_value(value: object) -> str:
    """Format a value as a text: whole numbers without decimals, dates in ISO 8601."""
    if isinstance(value, str):
        # The same as `clean_text`, faster for nearly all texts.
        return (
            value.strip() if value.isprintable() and "_x" not in value else clean_text(decode_escapes(value))
        )
    if isinstance(value, datetime.datetime):
        return value.date().isoformat() if value.time() == datetime.time() else value.isoformat(" ")
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


_format_cached = cache_short_texts(format_value)
