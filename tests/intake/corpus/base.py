"""The return from which every file of the corpus departs, and tools to change one."""

import datetime
import io
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

import docx
import openpyxl
from docx.table import Table, _Row
from openpyxl.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from dagster_project.intake import labels
from dagster_project.intake.write.document import write_document
from dagster_project.intake.write.filled import FilledAnswer, FilledReturn
from dagster_project.intake.write.workbook import write_workbook
from dagster_project.paths import REPOSITORY
from dagster_project.seeds import Questionnaire, load_questionnaire

SEEDS = REPOSITORY / "dbt" / "seeds"
TITLE = "Self-evaluation 2016"
RATINGS = {number: ("green", "amber", "red")[number % 3] for number in range(1, 20)}
COMMENTS = {number: f"Comment on question {number}." for number in range(1, 20)}
FILLED = FilledReturn(
    "Fife",
    datetime.date(2016, 10, 3),
    tuple(FilledAnswer(n, RATINGS[n].capitalize(), COMMENTS[n]) for n in RATINGS),
)

CASES: dict[str, Callable[[], bytes]] = {}
"""What makes each file, by its name."""

Maker = Callable[[], bytes]


def case(name: str) -> Callable[[Maker], Maker]:
    """Register what makes a file."""

    def register(maker: Maker) -> Maker:
        assert name not in CASES, name
        CASES[name] = maker
        return maker

    return register


@cache
def questionnaire() -> Questionnaire:
    return load_questionnaire(SEEDS, "cse-2016")


@cache
def base(suffix: str) -> bytes:
    """The return as it is sent when nothing is unusual."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"base{suffix}"
        writer = write_document if suffix == ".docx" else write_workbook
        writer(questionnaire(), TITLE, path, FILLED)
        return path.read_bytes()


class Book:
    """The base workbook, to be changed as its sender would."""

    def __init__(self) -> None:
        self.book = openpyxl.load_workbook(io.BytesIO(base(".xlsx")))
        self.cover = self._sheet(labels.COVER_SHEET)
        self.table = self._sheet(labels.QUESTIONNAIRE_SHEET)

    def _sheet(self, name: str) -> Worksheet:
        sheet = self.book[name]
        assert isinstance(sheet, Worksheet)
        return sheet

    def row(self, number: int) -> int:
        """The row of a question."""
        return next(row for row in range(1, 60) if self.table.cell(row, 1).value == number)

    def rating(self, number: int) -> Cell:
        return self._cell(number, 3)

    def comment(self, number: int) -> Cell:
        return self._cell(number, 4)

    def _cell(self, number: int, column: int) -> Cell:
        cell = self.table.cell(self.row(number), column)
        assert isinstance(cell, Cell)
        return cell

    def on_cover(self, label: str) -> Cell:
        """The cell next to a label of the cover."""
        for row in self.cover.iter_rows():
            if row[0].value == label:
                assert isinstance(row[1], Cell)
                return row[1]
        raise KeyError(label)

    def saved(self) -> bytes:
        content = io.BytesIO()
        self.book.save(content)
        return content.getvalue()


class Document:
    """The base document, to be changed as its sender would."""

    def __init__(self) -> None:
        self.document = docx.Document(io.BytesIO(base(".docx")))

    def row(self, number: int) -> _Row:
        """The row of a question."""
        rows: list[_Row] = [row for table in self.tables for row in table.rows]
        return next(row for row in rows if row.cells[0].text == str(number))

    @property
    def tables(self) -> list[Table]:
        return self.document.tables

    def saved(self) -> bytes:
        content = io.BytesIO()
        self.document.save(content)
        return content.getvalue()


def parts_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts: Mapping[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return content.getvalue()


def with_part(content: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """The package with one part changed."""
    parts = parts_of(content)
    changed = change(parts[name])
    assert changed != parts[name], f"{name} was not changed"
    return packed(parts | {name: changed})


SHEET = "xl/worksheets/sheet2.xml"
"""The part with the table of the base workbook."""
