"""Answers in the long form (.csv): a row per question with committee, question, rating and comment."""

import csv
from collections.abc import Sequence

from dagster_project.intake.formats.csv_records import Record, UnbalancedQuote, read_records
from dagster_project.intake.formats.csv_text import decode_text
from dagster_project.intake.formats.grid import Grid, Place
from dagster_project.intake.interpret.columns import Columns, find_columns, parse_number
from dagster_project.intake.interpret.wordings import build_matcher
from dagster_project.intake.problems import Problem, Rejected
from dagster_project.intake.security.limits import MAX_COLUMNS, MAX_MEMBER_BYTES, MAX_ROWS, MAX_TEXT
from dagster_project.intake.template import Template
from dagster_project.intake.text import clean_text

SHEET = "rows"

_SHIFTED = "in a record with more fields than the heading"


def read_longform(content: bytes, template: Template, problems: list[Problem]) -> list[Grid]:
    """Read the records of the file as one grid. `problems` gets those of single fields.

    Raises: `Rejected` past a limit and for an unbalanced quotation mark, `csv.Error` on a broken file.
    """
    if len(content) > MAX_MEMBER_BYTES:
        raise Rejected(
            "unsafe_file",
            f"The file was not opened: it has {len(content):,} bytes; the limit is {MAX_MEMBER_BYTES:,}.",
        )
    csv.field_size_limit(MAX_MEMBER_BYTES)
    reader = _RecordReader(template)
    decoded = decode_text(content)
    try:
        for row, record in enumerate(read_records(decoded.text.replace("\x00", ""), reader.is_heading)):
            reader.add(row, record)
            for column, text in enumerate(record.fields):
                if doubt := decoded.find_doubt(text[:MAX_TEXT]):
                    reader.add_problem("uncertain_letters", f"Letters may be wrong: {doubt}.", row, column)
    except UnbalancedQuote as error:
        raise Rejected("unbalanced_quote", str(error)) from None
    problems += reader.problems
    return [Grid(SHEET, tuple(reader.rows), name_field, doubts=reader.doubts)]


def name_field(row: int, column: int) -> str:
    """Name a field, from row and column counted from 0."""
    return f"record {row + 1}, column {column + 1}"


def _clean_field(text: str) -> str:
    """Clean a text as spreadsheet programs show it: `="4"` is a formula that keeps a number as text."""
    text = clean_text(text)
    return clean_text(text[2:-1]) if text.startswith('="') and text.endswith('"') else text


class _RecordReader:
    """Collects the rows of a grid. Blank records count towards the limit only if another record follows them."""

    def __init__(self, template: Template) -> None:
        self.problems: list[Problem] = []
        self.rows: list[tuple[str, ...]] = []
        self.doubts: dict[Place, str] = {}
        self._template = template
        self._columns: Columns | None = None
        self._width = 0

    def add(self, row: int, record: Record) -> None:
        """Add a record as this row of the grid. Raises `Rejected` and `UnbalancedQuote`."""
        fields = tuple(map(_clean_field, record.fields))
        if not any(fields):
            return
        if row >= MAX_ROWS:
            raise Rejected(
                "unsafe_file", f"The file was not read: it has more than {MAX_ROWS:,} rows, the limit."
            )
        if self._columns and record.has_lines_like(self._is_answer):
            raise UnbalancedQuote(record.line)
        if columns := self._find_heading(fields):
            self._columns = columns
            self._width = max(column for column, text in enumerate(fields) if text) + 1
        elif self._columns and any(fields[self._width :]):
            fields = self._move_surplus(row, record, fields, self._columns)
        elif self._columns and self._is_broken(fields, self._columns):
            self.add_problem(
                "row_of_no_question",
                "The record has fewer fields than the heading and asks no question; it was not read.",
                row,
                0,
            )
            return
        self.rows += [()] * (row - len(self.rows))
        self.rows.append(fields[:MAX_COLUMNS])

    def is_heading(self, fields: Sequence[str]) -> bool:
        """Return whether these fields head a table of answers."""
        return self._find_heading(tuple(map(_clean_field, fields))) is not None

    def add_problem(self, code: str, message: str, row: int, column: int) -> None:
        """Add a problem of one field."""
        self.problems.append(Problem(code, message, SHEET, name_field(row, column)))

    def _find_heading(self, fields: tuple[str, ...]) -> Columns | None:
        return find_columns(fields, self._template.is_rating)

    def _is_answer(self, fields: Sequence[str]) -> bool:
        """Return whether the fields of a line answer a question: a text with line breaks has no such line."""
        columns = self._columns
        if columns is None or len(fields) < self._width:
            return False
        ratings = [clean_text(fields[column]) for column in (*columns.ratings, *columns.choices)]
        if any(map(self._template.is_rating, ratings)):
            return True
        is_numbered = (
            columns.number is not None and parse_number(clean_text(fields[columns.number])) is not None
        )
        return is_numbered and not any(ratings)

    def _is_broken(self, fields: tuple[str, ...], columns: Columns) -> bool:
        """Return whether the fields are stray text, like the rest of a text with an unquoted line break."""
        labels = (text.split(":")[0] for text in fields)
        if len(fields) >= self._width or any(map(self._template.find_cover_label, labels)):
            return False
        asking = [
            fields[one] for one in (columns.number, columns.question) if one is not None and one < len(fields)
        ]
        wordings = map(build_matcher(self._template).match, asking)
        is_asking = any(wording.question is not None or wording.part_of for wording in wordings)
        return not is_asking and not any(map(parse_number, asking))

    def _move_surplus(
        self, row: int, record: Record, fields: tuple[str, ...], columns: Columns
    ) -> tuple[str, ...]:
        """Add the surplus to the last column if that contains comments; otherwise the rating can be in any column."""
        last = self._width - 1
        is_added = last in columns.comments
        outcome = (
            "the text was added to the comment" if is_added else "its rating and its comment are uncertain"
        )
        self.add_problem(
            "surplus_fields", f"The record has more fields than the heading; {outcome}.", row, self._width
        )
        if is_added:
            return (*fields[:last], clean_text(record.join_fields(last)))
        self.doubts.update(((row, column), _SHIFTED) for column in (*columns.ratings, *columns.choices))
        return fields
