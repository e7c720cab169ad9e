"""The release's spreadsheet, for people: cover, contents, notes, and one table per sheet.

Laid out by gptables after the UK public sector's guidance on accessible spreadsheets. What a sheet shows
is its query in `sheets/`, run on the public database alone; its first lines name sheet, title and notes.
"""

import datetime
import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import yaml

from dagster_project.release.cells import plain
from dagster_project.release.datapackage import SOURCE
from dagster_project.release.marts import Notice

if TYPE_CHECKING:
    from gptables import GPTable

SHEETS = Path(__file__).with_name("sheets")
TITLE = "CPC self-evaluation"
NO_VALUE = "[z]"
LEGEND = f"{NO_VALUE} means that there is no value to show."

_HEAD = re.compile(r"^-- (?P<key>[a-z ]+?)(?: on (?P<column>.+?))?: (?P<value>.+)$")
_WIDEST = 60
_MARKUP = re.compile(r"\$\$|\](?=\()")


@dataclass(frozen=True)
class Sheet:
    """One sheet: its name, the mart its table is named after, its title, notes by column, its query."""

    name: str
    table: str
    title: str
    notes: dict[str, str]
    query: str


def sheets() -> tuple[Sheet, ...]:
    """The sheets in their order, as the files in `sheets/` say."""
    return tuple(_sheet(path) for path in sorted(SHEETS.glob("*.sql")))


def write_spreadsheet(connection: duckdb.DuckDBPyConnection, path: Path, notice: Notice) -> None:
    """Write the spreadsheet of the public database open on `connection`. A sheet without rows is left out."""
    # pandas comes with it: neither is needed before there is a release.
    import gptables
    import pandas

    texts = yaml.safe_load((SHEETS / "notes.yml").read_text(encoding="utf-8"))
    tables: dict[str, GPTable] = {}
    widths = {}
    used: dict[str, None] = {}
    for sheet in sheets():
        cursor = connection.execute(sheet.query)
        headings = [column[0] for column in cursor.description or ()]
        rows = [[_cell(value) for value in row] for row in cursor.fetchall()]
        if not rows:
            continue
        if unknown := sorted(sheet.notes.keys() - set(headings)):
            raise ValueError(f"sheet {sheet.name} has a note on what is no column: {', '.join(unknown)}")
        # In the order of the columns, so that the notes are numbered from left to right.
        referred = {heading: sheet.notes[heading] for heading in headings if heading in sheet.notes}
        used |= dict.fromkeys(referred.values())
        has_gap = any(NO_VALUE in row for row in rows)
        tables[sheet.name] = gptables.GPTable(
            table=pandas.DataFrame(rows, columns=headings, dtype=object),
            table_name=sheet.table,
            title=sheet.title,
            subtitles=[notice.text],
            instructions="This worksheet contains one table."
            + (" Headings refer to notes, which are on the worksheet Notes." if referred else ""),
            legend=[LEGEND] if has_gap else [],
            table_notes={heading: f"$${note}$$" for heading, note in referred.items()},
            index_columns={},
        )
        widths[sheet.name] = _widths(headings, rows)
    notes = pandas.DataFrame(
        [[note, " ".join(texts[note].split())] for note in used], columns=["", "Note text"]
    )
    with warnings.catch_warnings():
        # pandas tells gptables of what its next version will do differently.
        for category in (DeprecationWarning, FutureWarning):
            warnings.simplefilter("ignore", category)
        book = gptables.produce_workbook(
            str(path),
            tables,
            cover=_cover(connection, notice),
            notes_table=notes,
            auto_width=False,
            workbook_options={
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
            },
        )
        widths |= {"Contents": [24, _WIDEST], "Notes": [14, 2 * _WIDEST]}
        for worksheet in book.worksheets():
            for column, width in enumerate(widths.get(worksheet.name, [])):
                worksheet.set_column(column, column, width)
        book.set_properties({"title": TITLE, "comments": notice.text, "created": _created(connection)})
        book.close()


def _sheet(path: Path) -> Sheet:
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
    return Sheet(head["sheet"], head["table"], head["title"], notes, text)


def _cell(value: Any) -> Any:
    if value is None or value == "":
        return NO_VALUE
    value = plain(value)
    if not isinstance(value, str):
        return value
    # gptables would take these for its own notes and links, and refuses a cell of signs alone.
    value = _MARKUP.sub(lambda match: " ".join(match[0]) + (" " if match[0] == "]" else ""), value)
    return value if re.search("[a-zA-Z0-9]", value) else f"typed: {value}"


def _widths(headings: Sequence[str], rows: Sequence[Sequence[Any]]) -> list[int]:
    """The width of each column in characters: its widest text, or where that is long, a few lines of it."""
    columns = zip(headings, *rows, strict=True)
    return [min(_WIDEST, max(12, *(len(str(value)) + 3 for value in column))) for column in columns]


def _cover(connection: duckdb.DuckDBPyConnection, notice: Notice) -> Any:
    import gptables

    rounds = connection.execute(
        "select title, strftime(fieldwork_start, '%-d %B %Y'), strftime(fieldwork_end, '%-d %B %Y')"
        " from dim_round order by fieldwork_start desc, round_id"
    ).fetchall()
    return gptables.Cover(
        title=f"{TITLE}: {', '.join(title for title, _, _ in rounds)}",
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


def _created(connection: duckdb.DuckDBPyConnection) -> datetime.datetime:
    """The file's date is that of its data: the same returns give the same bytes on any day."""
    latest = connection.execute("select max(fieldwork_end) from dim_round").fetchall()[0][0]
    return datetime.datetime.combine(latest, datetime.time())
