"""The answers of a return: one for each question of the template, from the tables that are its questionnaire."""

from collections.abc import Iterable

from dagster_project.intake.formats.grid import Grid
from dagster_project.intake.interpret.cell_problems import CellProblems
from dagster_project.intake.interpret.general_comments import can_be_answer
from dagster_project.intake.interpret.row_answers import RowReader
from dagster_project.intake.interpret.tables import Row, Table, choose_questionnaire, find_tables
from dagster_project.intake.interpret.wordings import build_matcher
from dagster_project.intake.problems import Problem
from dagster_project.intake.returned import Answer, ReadReturn
from dagster_project.intake.template import Template
from dagster_project.intake.text import quote_text


def read_answers(grids: Iterable[Grid], template: Template, result: ReadReturn) -> list[Table]:
    """Add the answers of all grids to `result`, with a problem for everything that is uncertain or left out.

    Returns the tables that answered. A question that no row asks gets no answer.
    """
    tables = find_tables(grids, template, build_matcher(template))
    chosen = choose_questionnaire(tables)
    answers: dict[int, Answer] = {}
    tables_by_question: dict[int, Table] = {}
    for table in chosen:
        _TableReader(table, template, result, answers, tables_by_question).read()
    result.answers[:] = answers.values()
    if chosen:
        left_out = [
            table for table in tables if table not in chosen and _has_numbered_ratings(table, template)
        ]
        result.problems += map(_create_left_out_problem, left_out)
    return chosen


def _has_numbered_ratings(table: Table, template: Template) -> bool:
    return any(
        row.number in template.numbers
        and any(template.is_rating(row.get_text(column)) for column in table.columns.ratings)
        for row in table.rows
    )


def _create_left_out_problem(table: Table) -> Problem:
    row = table.rows[0].index if table.is_continuation else table.heading_row
    return Problem(
        "other_table",
        "A table with numbered rows and ratings does not carry the questions' wordings; it was not read.",
        table.grid.name[:100],
        table.grid.name_cell(row, 0),
    )


class _TableReader:
    """Reads one table. `answers` has the answers of earlier tables by question, `tables` the table of each."""

    def __init__(
        self,
        table: Table,
        template: Template,
        result: ReadReturn,
        answers: dict[int, Answer],
        tables: dict[int, Table],
    ) -> None:
        self.table = table
        self.grid = table.grid
        self.columns = table.columns
        self.template = template
        self.problems = CellProblems(table.grid, result.problems)
        self.rows = RowReader(table, self.problems)
        self.answers = answers
        self.tables = tables
        self.has_hidden_problem = False
        self.current: Answer | None = None
        self.general: list[Row] = []
        self.last = self._find_last_question()

    def read(self) -> None:
        """Add the answers of all rows."""
        if not self.columns.comments and not self.table.is_continuation:
            self.problems.add(
                "no_comment_column", "The table has no column of comments.", self.table.heading_row, 0
            )
        for row in self.table.rows:
            number = self._find_question(row)
            if number is None:
                self._read_other_row(row)
            elif number not in self.template.numbers:
                self.current = None
                self.problems.add(
                    "unknown_question",
                    f"The template has no question {number}.",
                    row.index,
                    next(iter(self.columns.ratings), 0),
                )
            else:
                self._add_answer(self.rows.read(row, number))
        self._add_general_comments()
        self._add_unread_notes()

    def _find_last_question(self) -> int:
        """Find the row of the last question; the end of the grid where the template's last one is missing.

        Below the last question but one, the headings of the last can be left.
        """
        asking = [row for row in self.table.rows if self._is_question(row)]
        has_last = any(row.wording.question == max(self.template.numbers, default=0) for row in asking)
        return asking[-1].index if has_last else len(self.grid.rows)

    def _add_general_comments(self) -> None:
        """Add a problem for the rows below the last question that ask nothing and could be no answer."""
        if self.general:
            first, texts = self.general[0], [text for row in self.general for text in row.cells]
            self.problems.add(
                "general_comment",
                f"Rows below the last question that ask no question: {len(self.general)} "
                f"({sum(map(len, texts)):,} characters). They were not read.",
                first.index,
                next(column for column, cell in enumerate(first.cells) if cell),
            )

    def _add_unread_notes(self) -> None:
        """Add a problem for each note of a row that asks no question."""
        rows = {row.index for row in self.table.rows} | {self.table.heading_row}
        for (row, column), notes in self.grid.notes.items():
            if row in rows and (row, column) not in self.rows.read_notes:
                for note in notes:
                    self.problems.add(
                        "unread_text", f"{note.source}: the text belongs to no answer.", row, column
                    )

    def _find_question(self, row: Row) -> int | None:
        """Find the question that a row asks.

        Its wording decides, its number only where nothing contradicts it.
        """
        if self.table.is_heading(row):
            return None
        asked, number = row.wording.question, row.number
        column = self.columns.number or 0
        if asked is not None:
            if number is not None and number != asked:
                self.problems.add(
                    "renumbered_question",
                    f"The row is numbered {number} and worded as question {asked}; it was read as question {asked}.",
                    row.index,
                    column,
                )
            return asked
        if number is None or row.wording.part_of:
            return None
        if self.table.is_continuation or not self.table.has_matching_numbers:
            if self.table.has_answer(row):
                self.problems.add(
                    "uncertain_question",
                    f"The row is numbered {number}, but its wording is of no question and other rows are renumbered; "
                    "it was not read.",
                    row.index,
                    column,
                )
            return None
        if self.table.get_wording_text(row) and number in self.template.numbers:
            self.problems.add(
                "uncertain_question",
                f"The row is numbered {number}, but its wording is not that of question {number}.",
                row.index,
                self.columns.question or 0,
            )
        return number

    def _read_other_row(self, row: Row) -> None:
        """Read a row that asks no question: a heading, a sub-question, or text that belongs to no question."""
        answer = self._find_parent(row)
        is_heading = self.table.is_heading(row)
        if is_heading or answer is None:
            self.current = None if is_heading else self.current
            if not is_heading or row.index > self.last:
                self._add_stray_row(row)
            return
        rating = next(
            (row.get_text(column) for column in self.columns.ratings if self.table.is_rating(row, column)), ""
        )
        comments = [text for column in self.columns.comments if (text := row.get_text(column))]
        if rating:
            self.problems.add(
                "rating_on_sub_question",
                f"A rating, {quote_text(rating)}, is in a row that asks no question of its own.",
                row.index,
                self.columns.ratings[0],
            )
        for text in (*comments, *self.rows.list_notes(row)):
            joined = f"{answer.comment_typed}\n{text}".strip()
            column = (self.columns.comments or (0,))[0]
            answer.comment_typed = self.problems.cut_text(joined, row.index, column)
            self.problems.add_personal_data(answer.question_no, text, row.index, column)

    def _is_question(self, row: Row) -> bool:
        return row.number is not None or row.wording.question is not None or bool(row.wording.part_of)

    def _add_stray_row(self, row: Row) -> None:
        """Add a problem for a row of no question that has an answer, or is below the last question.

        There it is a general comment, unless it could be an answer, or is a label or a value of the cover.
        """
        texts = [text for text in row.cells if text]
        is_below = row.index > self.last and bool(texts)
        if is_below and self.template.find_cover_label(texts[0].split(":")[0]):
            return
        if is_below and not any(can_be_answer(text, self.template) for text in texts):
            self.general.append(row)
        elif (is_below or self.table.has_answer(row)) and row.number is None:
            self.problems.add(
                "row_of_no_question",
                f"The row asks no question ({sum(map(len, texts)):,} characters); it was not read.",
                row.index,
                next(column for column, cell in enumerate(row.cells) if cell),
            )

    def _find_parent(self, row: Row) -> Answer | None:
        """Find the answer that a row continues.

        It is that of its sub-question, or of the row above where nothing else is typed.
        """
        if parts := row.wording.part_of:
            if self.current is not None and self.current.question_no in parts:
                return self.current
            return self.answers.get(parts[0]) if len(parts) == 1 else None
        asks = row.get_text(self.columns.question) or row.get_text(self.columns.number)
        return None if asks or any(row.get_text(column) for column in self.columns.ratings) else self.current

    def _add_answer(self, answer: Answer) -> None:
        """Add an answer, unless its question is answered or left blank already: that is a problem."""
        number = answer.question_no
        before = self.answers.get(number)
        if self.grid.is_hidden and not self.has_hidden_problem and not answer.is_blank:
            self.has_hidden_problem = True
            self.problems.add_at("hidden_sheet", "The sheet is hidden and holds answers.")
        self.current = answer
        if before is None:
            self.answers[number] = answer
            self.tables[number] = self.table
        elif not answer.has_equal_content(before) and not (
            answer.is_blank and self.tables[number] is self.table
        ):
            if self.grid.is_hidden and not self.tables[number].grid.is_hidden:
                return
            state = "left blank" if before.is_blank else "answered"
            again = "left blank" if answer.is_blank else "answered again"
            self.problems.add_at(
                "repeated_question",
                f"Question {number} is {state} at {before.sheet} {before.cell} and {again} here; "
                "the first of the two was read.",
                answer.cell,
            )
