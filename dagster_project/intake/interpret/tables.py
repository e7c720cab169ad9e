"""Tables of a file: where they begin, what each row asks, and which of them are the questionnaire."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from dagster_project.intake.formats.grid import Grid
from dagster_project.intake.interpret.columns import (
    RATING,
    Columns,
    find_choices,
    find_columns,
    find_grouped_columns,
    find_heading_role,
    parse_number,
)
from dagster_project.intake.interpret.wordings import Wording, WordingMatcher
from dagster_project.intake.template import Template

MAX_MARK_CHARACTERS = 20
"""Characters of a tick, a date or a name; longer ones are text."""


@dataclass(frozen=True)
class Row:
    """A row below a heading."""

    index: int
    cells: tuple[str, ...]
    wording: Wording
    number: int | None
    """The question's number as typed."""

    def get_text(self, column: int | None) -> str:
        """Return the text of a cell; empty where the row has no such column."""
        return _get_cell(self.cells, column)


@dataclass(frozen=True)
class Table:
    """Rows below one heading. `is_continuation` marks a table without a heading that goes on from the one before."""

    grid: Grid
    columns: Columns
    heading_row: int
    rows: tuple[Row, ...]
    template: Template
    is_continuation: bool = False

    @cached_property
    def has_wordings(self) -> bool:
        """Whether at least half of the rows that are numbered and filled in have the wording of a question."""
        recognised = sum(row.wording.question is not None for row in self.rows)
        others = sum(
            row.wording.question is None
            and row.number in self.template.numbers
            and any(map(row.get_text, self.columns.answers))
            for row in self.rows
        )
        return recognised > 0 and recognised >= others

    @cached_property
    def has_template_layout(self) -> bool:
        """Whether the headings are the template's and no other text is in the place of its wordings.

        A table that numbers every question may have more columns, but none with text: an action plan has one.
        """
        numbers = {row.number for row in self.rows} & self.template.numbers
        is_worded = any(self.get_wording_text(row) for row in self.rows if row.number is not None)
        if self.is_continuation or is_worded or not numbers:
            return False
        others = self._list_other_columns()
        is_complete = numbers == self.template.numbers
        return not others or (is_complete and not any(self._has_text(column) for column in others))

    def _list_other_columns(self) -> list[int]:
        """List columns whose heading is not of the questionnaire nor, as in a list of rows, of the cover."""
        return [
            column
            for column, text in enumerate(self.columns.headings)
            if text
            and find_heading_role(text) is None
            and column not in self.columns.choices
            and not self.template.find_cover_label(text)
        ]

    def _has_text(self, column: int) -> bool:
        return any(len(row.get_text(column)) > MAX_MARK_CHARACTERS for row in self.rows)

    def get_heading(self, column: int) -> str:
        """Return the heading of a column; empty where it has none."""
        return _get_cell(self.columns.headings, column)

    def get_wording_text(self, row: Row) -> str:
        """Return the text in the place of a row's wording; empty where that is only its number."""
        text = row.get_text(self.columns.question)
        return "" if parse_number(text) else text

    def is_heading(self, row: Row) -> bool:
        """Return whether a row has one text and no answer. Cells that were merged can repeat the text."""
        if row.wording.question is not None or row.wording.part_of:
            return False
        filled = [text for text in row.cells if text]
        has_title = bool(row.get_text(self.columns.number) or row.get_text(self.columns.question))
        return has_title and len(set(filled)) == 1 and (len(filled) > 1 or not self.has_answer(row))

    def is_rating(self, row: Row, column: int) -> bool:
        """Return whether a cell is a word for a rating."""
        text = row.get_text(column)
        return bool(text) and self.template.is_rating(text)

    def has_answer(self, row: Row) -> bool:
        """Return whether a rating or a comment is typed in the row."""
        return any(row.get_text(column) for column in self.columns.answers)

    def read_cell(self, row: Row, column: int) -> str:
        """Read the text of a cell, or of the merged cell that covers it."""
        text = row.get_text(column)
        if not text and (row.index, column) in self.grid.merged:
            top, left = self.grid.merged[row.index, column]
            if 0 <= top < len(self.grid.rows) and 0 <= left < len(self.grid.rows[top]):
                return self.grid.rows[top][left]
        return text

    @cached_property
    def has_answers(self) -> bool:
        """Whether a rating or a comment is filled in anywhere."""
        return any(
            row.get_text(column)
            for row in self.rows
            if row.number is not None or row.wording.question is not None
            for column in self.columns.answers
        )

    @cached_property
    def has_matching_numbers(self) -> bool:
        """Whether no row is numbered otherwise than its wording says."""
        return all(row.number is None or row.wording.question in (None, row.number) for row in self.rows)


def drop_tables_in_answers(grids: Iterable[Grid]) -> Iterator[Grid]:
    """Drop the grids in a cell of a table of ratings, which are part of the cell's text."""
    answering: list[Grid] = []
    for grid in grids:
        is_within = any(grid.around is other for other in answering)
        if is_within or any(find_heading_role(text) == RATING for row in grid.rows[:3] for text in row):
            answering.append(grid)
        if not is_within:
            yield grid


def find_tables(grids: Iterable[Grid], template: Template, matcher: WordingMatcher) -> list[Table]:
    """Find all tables that have a heading of ratings, or that continue one, in the order of the file."""
    tables: list[Table] = []
    for grid in grids:
        tables += _split_tables(grid, template, matcher, tables[-1] if tables else None)
    return tables


def _split_tables(
    grid: Grid, template: Template, matcher: WordingMatcher, before: Table | None
) -> Iterator[Table]:
    width = len(grid.rows[0]) if grid.rows else 0
    current: Table | None = None
    if before and width and width == len(before.columns.headings):
        # A table that was cut in two goes on without a heading of its own.
        current = Table(grid, before.columns, -1, (), template, is_continuation=True)
    rows: list[Row] = []
    for index, cells in enumerate(grid.rows):
        above = grid.rows[index - 1] if index else ()
        columns = find_columns(cells, template.is_rating)
        if columns is None and current is None:
            columns = find_grouped_columns(above, cells, template.is_rating)
        if columns:
            if current and rows:
                yield replace(current, rows=tuple(rows))
            current, rows = Table(grid, columns, index, (), template), []
        elif current and not rows and (choices := _find_choices_below(current, cells, template)):
            current = replace(current, columns=choices)
        elif current:
            rows.append(_build_row(index, cells, current.columns, matcher))
    if current and rows:
        yield replace(current, rows=tuple(rows))


def _find_choices_below(table: Table, cells: tuple[str, ...], template: Template) -> Columns | None:
    """Find the columns with the ratings that a second row of headings names under the first one."""
    choices = find_choices(cells, template.is_rating)
    if not choices or any(text and column not in choices for column, text in enumerate(cells)):
        return None
    return replace(table.columns, ratings=(), choices=choices)


def _get_cell(cells: tuple[str, ...], column: int | None) -> str:
    return cells[column] if column is not None and 0 <= column < len(cells) else ""


def _build_row(index: int, cells: tuple[str, ...], columns: Columns, matcher: WordingMatcher) -> Row:
    wording = matcher.match(_get_cell(cells, columns.question))
    typed = parse_number(_get_cell(cells, columns.number))
    leading = wording.leading_number if columns.number is None else None
    return Row(index, cells, wording, typed[0] if typed is not None else leading)


def choose_questionnaire(tables: Iterable[Table]) -> list[Table]:
    """Choose the tables that answer questions: those with wordings, or with the template's layout if none.

    A copy that nobody filled in is left out where another table answers the same questions.
    """
    everything = list(tables)
    chosen = [table for table in everything if table.has_wordings]
    if not any(not table.is_continuation for table in chosen):
        chosen = [table for table in everything if table.has_template_layout]
    filled = [table for table in chosen if table.has_answers]
    answered = {question for table in filled for question in _list_questions(table)}
    return [table for table in chosen if table.has_answers or not _list_questions(table) <= answered]


def _list_questions(table: Table) -> set[int]:
    found = {row.wording.question or row.number for row in table.rows}
    return {question for question in found if question is not None}
