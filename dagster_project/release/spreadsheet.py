"""The release's spreadsheet: cover, contents, notes, and one table per sheet.

gptables lays it out after the UK public sector's guidance on accessible spreadsheets. The query of each sheet is in
`sheets/` and runs on the public database; its first lines give the sheet's name, its title and its notes.
"""

import datetime
import re
import textwrap
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import yaml

from dagster_project.release.cells import format_cell
from dagster_project.release.datapackage import SOURCE
from dagster_project.release.marts import Notice

SHEETS = Path(__file__).with_name("sheets")
TITLE = "CPC self-evaluation"
NO_VALUE = "[z]"
LEGEND = f"{NO_VALUE} means that there is no value to show."
MAX_WIDTH = 48
"""Maximum width of a column, in characters."""

COVER_WIDTH = 85
"""Width of the cover, in characters."""

TEXT_SIZE, HEADING_SIZE, TITLE_SIZE, WIDTH_SIZE = 12, 14, 16, 11
"""Sizes of fonts in points: those of gptables' theme, and the one that widths of columns are measured in."""

LINE_HEIGHT = 1.35
"""Height of a line of text, as a multiple of its size."""

LETTERS_PER_DIGIT = 1.1
"""Widths of columns count digits, and letters are narrower on average."""

FIRST_ROW = 3
"""Number of the row, from 0, of a table without a legend above it."""

A4 = 9
"""The paper's number in the format of workbooks."""

WORKBOOK_OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}

_HEAD = re.compile(r"^-- (?P<key>[a-z ]+?)(?: on (?P<column>.+?))?: (?P<value>.+)$")
_MARKUP = re.compile(r"\$\$|\](?=\()")


@dataclass(frozen=True)
class Sheet:
    """One sheet. `table` is the mart that its table is named after; `notes` are names of notes by heading.

    A column with the heading `optional` is omitted where it has no value.
    """

    name: str
    table: str
    title: str
    notes: dict[str, str]
    optional: str | None
    query: str


@dataclass(frozen=True)
class Content:
    """The content of a sheet: headings, rows, and the notes of its headings from left to right."""

    sheet: Sheet
    headings: list[str]
    rows: list[list[Any]]
    notes: dict[str, str]


def load_sheets() -> tuple[Sheet, ...]:
    """Load the sheets from the files in `sheets/`, in order."""
    return tuple(_load_sheet(path) for path in sorted(SHEETS.glob("*.sql")))


def write_spreadsheet(connection: duckdb.DuckDBPyConnection, path: Path, notice: Notice) -> None:
    """Write the spreadsheet from the public database open on `connection`. Sheets without rows are omitted."""
    # Slow to import: only a release needs it.
    import gptables

    contents = [one for sheet in load_sheets() if (one := _query_sheet(connection, sheet)).rows]
    tables = {one.sheet.name: _lay_out_table(one, notice) for one in contents}
    widths = {one.sheet.name: _calculate_column_widths(one) for one in contents}
    widths |= {"Contents": [24, MAX_WIDTH], "Notes": [14, 2 * MAX_WIDTH]}
    cover, notes = _make_cover(connection, notice), _make_notes(contents)
    heights = {one.sheet.name: _calculate_table_heights(one, widths[one.sheet.name]) for one in contents}
    heights["Cover"] = _calculate_cover_heights(cover)
    heights["Contents"] = {
        number: _calculate_height([one.sheet.name, one.sheet.title], widths["Contents"])
        for number, one in enumerate(contents, FIRST_ROW)
    }
    heights["Notes"] = {
        number: _calculate_height(cells, widths["Notes"])
        for number, cells in enumerate(notes.to_numpy(), FIRST_ROW)
    }
    with warnings.catch_warnings():
        # gptables uses what the next version of pandas will change.
        for category in (DeprecationWarning, FutureWarning):
            warnings.simplefilter("ignore", category)
        book = gptables.produce_workbook(
            str(path),
            tables,
            cover=cover,
            notes_table=notes,
            auto_width=False,
            workbook_options=WORKBOOK_OPTIONS,
        )
        for worksheet in book.worksheets():
            for column, width in enumerate(widths.get(worksheet.name, [])):
                worksheet.set_column(column, column, width)
            # LibreOffice does not fit the height of a row to text that the file wraps.
            for number, height in heights[worksheet.name].items():
                worksheet.set_row(number, height)
            worksheet.set_paper(A4)
            worksheet.set_landscape()
            worksheet.fit_to_pages(1, 0)
        book.set_properties(
            {"title": TITLE, "comments": notice.text, "created": _find_creation_time(connection)}
        )
        book.close()


def _load_sheet(path: Path) -> Sheet:
    head: dict[str, str] = {}
    notes: dict[str, str] = {}
    text = path.read_text(encoding="utf-8")
    for line in text.splitlines():
        match = _HEAD.match(line)
        if match is None:
            break
        if match["column"]:
            notes[match["column"]] = match["value"]
        else:
            head[match["key"]] = match["value"]
    return Sheet(head["sheet"], head["table"], head["title"], notes, head.get("optional"), text)


def _query_sheet(connection: duckdb.DuckDBPyConnection, sheet: Sheet) -> Content:
    cursor = connection.execute(sheet.query)
    headings = [column[0] for column in cursor.description or ()]
    if unknown := sorted(sheet.notes.keys() - set(headings)):
        raise ValueError(f"Sheet {sheet.name} has a note on an unknown column: {', '.join(unknown)}")
    found = cursor.fetchall()
    kept = [
        place
        for place, heading in enumerate(headings)
        if heading != sheet.optional or any(row[place] is not None for row in found)
    ]
    headings = [headings[place] for place in kept]
    rows = [[_format_value(row[place]) for place in kept] for row in found]
    notes = {heading: sheet.notes[heading] for heading in headings if heading in sheet.notes}
    return Content(sheet, headings, rows, notes)


def _lay_out_table(content: Content, notice: Notice) -> Any:
    import gptables
    import pandas

    has_gap = any(NO_VALUE in row for row in content.rows)
    return gptables.GPTable(
        table=pandas.DataFrame(content.rows, columns=content.headings, dtype=object),
        table_name=content.sheet.table,
        title=content.sheet.title,
        subtitles=[notice.text],
        instructions="This worksheet contains one table."
        + (" Headings refer to notes, which are on the worksheet Notes." if content.notes else ""),
        legend=[LEGEND] if has_gap else [],
        table_notes={heading: f"$${note}$$" for heading, note in content.notes.items()},
        index_columns={},
    )


def _make_notes(contents: Sequence[Content]) -> Any:
    """Make the table of the notes, in the order in which sheets first refer to them."""
    import pandas

    texts = yaml.safe_load((SHEETS / "notes.yml").read_text(encoding="utf-8"))
    used = dict.fromkeys(note for one in contents for note in one.notes.values())
    return pandas.DataFrame(
        [[note, " ".join(texts[note].split())] for note in used], columns=["", "Note text"]
    )


def _format_value(value: Any) -> Any:
    if value is None or value == "":
        return NO_VALUE
    value = format_cell(value)
    if not isinstance(value, str):
        return value
    # gptables has its own markup for notes and links, and refuses a cell without letters and digits.
    value = _MARKUP.sub(lambda match: " ".join(match[0]) + (" " if match[0] == "]" else ""), value)
    return value if re.search("[a-zA-Z0-9]", value) else f"typed: {value}"


def _calculate_column_widths(content: Content) -> list[int]:
    """Calculate the widths that fit the longest value and the longest word of the heading, which wraps."""
    columns = zip(content.headings, *content.rows, strict=True)
    return [
        min(MAX_WIDTH, max(12, *(len(text) + 3 for text in [*heading.split(), *map(str, values)])))
        for heading, *values in columns
    ]


def _calculate_table_heights(content: Content, widths: Sequence[int]) -> dict[int, float]:
    """Calculate the heights of a table's rows by their number.

    Title, caveat, instructions and legend are above it.
    """
    # A heading's note is a line of its own.
    headings = [f"{name}\n[note]" if name in content.notes else name for name in content.headings]
    has_legend = any(NO_VALUE in row for row in content.rows)
    table = [headings, *content.rows]
    return {
        number: _calculate_height(cells, widths) for number, cells in enumerate(table, FIRST_ROW + has_legend)
    }


def _calculate_cover_heights(cover: Any) -> dict[int, float]:
    """Calculate the heights of the cover's rows by number: title, heading, introduction, heading, texts."""
    texts = [(cover.title, TITLE_SIZE), ("", HEADING_SIZE), *((text, TEXT_SIZE) for text in cover.intro)]
    texts += [("", HEADING_SIZE), *((text, TEXT_SIZE) for text in cover.about)]
    return {
        number: _calculate_height([text], [COVER_WIDTH], size) for number, (text, size) in enumerate(texts)
    }


def _calculate_height(cells: Sequence[Any], widths: Sequence[int], size: int = TEXT_SIZE) -> float:
    """Calculate the height of a row in points: that of its cell with most lines.

    Widths are in characters of a smaller size.
    """
    lines = [
        sum(
            len(textwrap.wrap(part, int(width * LETTERS_PER_DIGIT * WIDTH_SIZE / size))) or 1
            for part in str(cell).split("\n")
        )
        for cell, width in zip(cells, widths, strict=True)
    ]
    return max(lines) * size * LINE_HEIGHT


def _make_cover(connection: duckdb.DuckDBPyConnection, notice: Notice) -> Any:
    import gptables

    rounds = connection.execute(
        "select title, strftime(fieldwork_start, '%-d %B %Y'), strftime(fieldwork_end, '%-d %B %Y')"
        " from dim_round order by fieldwork_start desc, round_id"
    ).fetchall()
    return gptables.Cover(
        title=f"{TITLE}: {', '.join(title for title, _, _ in rounds)}",
        width=COVER_WIDTH,
        intro=[
            f"How Child Protection Committees rated their own work. Source: {SOURCE}.",
            "The worksheet Contents lists the tables, and Notes explains their columns.",
        ],
        about=[
            notice.text,
            *(f"{title}: returned between {start} and {end}." for title, start, end in rounds),
            f"Data version {notice.data_version}: the end of the id of the release that this file is part of.",
            "Green means in place, amber getting there, red not in place. No meaning is given by colour alone.",
            "A cell whose text a spreadsheet program would run as a formula begins with an apostrophe.",
            "The publisher has not stated a licence.",
        ],
    )


def _find_creation_time(connection: duckdb.DuckDBPyConnection) -> datetime.datetime:
    """Find the end of the last fieldwork: identical data give identical bytes on any day."""
    latest = connection.execute("select max(fieldwork_end) from dim_round").fetchall()[0][0]
    return datetime.datetime.combine(latest, datetime.time())
