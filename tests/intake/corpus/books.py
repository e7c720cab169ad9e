"""Workbooks of Excel as people leave them: how one is made of the base, and its answers as plain rows."""

from collections.abc import Callable

from dagster_project.intake import labels
from tests.intake.corpus.base import (
    COMMENTS,
    RATINGS,
    Book,
    case,
    questionnaire,
)

Change = Callable[[Book], object]


def book(name: str) -> Callable[[Change], Change]:
    """Register a workbook that differs from the base by what a function does to it."""

    def register(change: Change) -> Change:
        def make() -> bytes:
            one = Book()
            change(one)
            return one.saved()

        case(f"{name}.xlsx")(make)
        return change

    return register


def rows_of(one: Book) -> list[list[object]]:
    return [[cell.value for cell in row] for row in one.table.iter_rows()]


def rewrite(one: Book, rows: list[list[object]], *, top: int = 1, left: int = 1) -> None:
    """Write the table again, without merged cells."""
    for merged in list(one.table.merged_cells.ranges):
        one.table.unmerge_cells(str(merged))
    one.table.delete_rows(1, 100)
    for row_no, row in enumerate(rows, start=top):
        for column, value in enumerate(row, start=left):
            one.table.cell(row_no, column).value = value  # type: ignore[assignment]


def questions(rows: list[list[object]]) -> list[list[object]]:
    return [row for row in rows if isinstance(row[0], int)]


HEADER = [labels.NUMBER, labels.QUESTION, labels.RATING, labels.COMMENT]
COVER = [
    [labels.COMMITTEE, "Fife"],
    [labels.DATE_COMPLETED, "2016-10-03"],
    [labels.TEMPLATE_VERSION, "cse-2016"],
]


def plain_rows() -> list[list[str]]:
    """The base's answers as rows of text."""
    return [
        HEADER,
        *([str(q.number), q.text, RATINGS[q.number], COMMENTS[q.number]] for q in questionnaire().questions),
    ]
