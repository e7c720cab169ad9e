"""The answers of a return: one for each question of the template, from the tables that are its questionnaire."""

from collections.abc import Iterable, Iterator

from dagster_project.intake.formats.grid import Grid, Place
from dagster_project.intake.interpret.cell_problems import CellProblems
from dagster_project.intake.interpret.columns import NUMBER, QUESTION, heading_role
from dagster_project.intake.interpret.missing_ratings import add_missing_value, explain_missing_rating
from dagster_project.intake.interpret.ratings import is_box, read_rating
from dagster_project.intake.interpret.tables import (
    MAX_MARK_CHARACTERS,
    Row,
    Table,
    choose_questionnaire,
    find_tables,
)
from dagster_project.intake.interpret.wordings import matcher_of
from dagster_project.intake.problems import Problem
from dagster_project.intake.returned import Answer, ReadReturn
from dagster_project.intake.security.limits import MAX_TEXT
from dagster_project.intake.template import Template
from dagster_project.intake.text import quote


def read_answers(grids: Iterable[Grid], template: Template, result: ReadReturn) -> list[Table]:
    """Add the answers of all grids to `result`, with a problem for everything that is uncertain or left out.

    Returns the tables that answered. A question that no row asks gets no answer.
    """
    tables = find_tables(grids, template, matcher_of(template))
    chosen = choose_questionnaire(tables)
    answers: dict[int, Answer] = {}
    tables_by_question: dict[int, Table] = {}
    for table in chosen:
        _TableReader(table, template, result, answers, tables_by_question).read()
    result.answers[:] = answers.values()
    if chosen:
        left_out = [table for table in tables if table not in chosen and _looks_like_answers(table, template)]
        result.problems += map(_left_out, left_out)
    return chosen


def _looks_like_answers(table: Table, template: Template) -> bool:
    return any(
        row.number in template.numbers
        and any(template.is_rating(row.text(column)) for column in table.columns.ratings)
        for row in table.rows
    )


def _left_out(table: Table) -> Problem:
    row = table.rows[0].index if table.is_continuation else table.heading_row
    return Problem(
        "other_table",
        "A table with numbered rows and ratings does not carry the questions' wordings; it was not read.",
        table.grid.name[:100],
        table.grid.at(row, 0),
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
        self.read_notes: set[Place] = set()
        self.table = table
        self.grid = table.grid
        self.columns = table.columns
        self.template = template
        self.problems = CellProblems(table.grid, result.problems)
        self.answers = answers
        self.tables = tables
        self.has_hidden_problem = False
        self.current: Answer | None = None

    def read(self) -> None:
        """Add the answers of all rows."""
        if not self.columns.comments and not self.table.is_continuation:
            self.problems.add(
                "no_comment_column", "The table has no column of comments.", self.table.heading_row, 0
            )
        asking = [row for row in self.table.rows if self._asks(row)]
        has_last = any(
            self.template.numbers and row.wording.question == max(self.template.numbers) for row in asking
        )
        # Below the last question but one, the headings of the last one can be left.
        last = asking[-1].index if has_last else len(self.grid.rows)
        for row in self.table.rows:
            number = self._question(row)
            if number is None and row.index > last and self._is_heading(row):
                self._add_stray_row(row)
            elif number is None:
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
                self._add(self._answer(row, number))
        self._add_unread_notes()

    def _add_unread_notes(self) -> None:
        """Add a problem for each note of a row that asks no question."""
        rows = {row.index for row in self.table.rows} | {self.table.heading_row}
        for (row, column), notes in self.grid.notes.items():
            if row in rows and (row, column) not in self.read_notes:
                for note in notes:
                    self.problems.add(
                        "unread_text", f"{note.source}: the text belongs to no answer.", row, column
                    )

    def _question(self, row: Row) -> int | None:
        """The question that a row asks: its wording decides, its number only where nothing contradicts it."""
        if self._is_heading(row):
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
        if self.table.is_continuation or not self.table.trusts_numbers:
            if self._has_answer(row):
                self.problems.add(
                    "uncertain_question",
                    f"The row is numbered {number}, but its wording is of no question and other rows are renumbered; "
                    "it was not read.",
                    row.index,
                    column,
                )
            return None
        if self.table.worded_text(row) and number in self.template.numbers:
            self.problems.add(
                "uncertain_question",
                f"The row is numbered {number}, but its wording is not that of question {number}.",
                row.index,
                self.columns.question or 0,
            )
        return number

    def _read_other_row(self, row: Row) -> None:
        """Read a row that asks no question: a heading, a sub-question, or text that belongs to no question."""
        if self._is_heading(row):
            self.current = None
            return
        rating = next(
            (row.text(column) for column in self.columns.ratings if self._is_rating(row, column)), ""
        )
        comments = [text for column in self.columns.comments if (text := row.text(column))]
        answer = self._parent(row)
        if answer is None:
            if (rating or comments) and row.number is None:
                self.problems.add(
                    "row_of_no_question",
                    "The row asks no question of the template; its rating and its comment were not read.",
                    row.index,
                    (self.columns.comments or self.columns.ratings or (0,))[0],
                )
            return
        if rating:
            self.problems.add(
                "rating_on_sub_question",
                f"A rating, {quote(rating)}, is in a row that asks no question of its own.",
                row.index,
                self.columns.ratings[0],
            )
        for text in (*comments, *self._notes(row)):
            joined = f"{answer.comment_typed}\n{text}".strip()
            column = (self.columns.comments or (0,))[0]
            answer.comment_typed = self.problems.cut(joined, row.index, column)
            self.problems.add_personal_data(answer.question_no, text, row.index, column)

    def _asks(self, row: Row) -> bool:
        return row.number is not None or row.wording.question is not None or bool(row.wording.part_of)

    def _add_stray_row(self, row: Row) -> None:
        """Add a problem for a text below the last question, unless it is a label or a value of the cover."""
        text = next(filter(None, row.cells))
        if not self.template.cover_label(text.split(":")[0]):
            self.problems.add(
                "row_of_no_question",
                f"The row below the last question ({len(text)} characters) asks no question; it was not read.",
                row.index,
                next(column for column, cell in enumerate(row.cells) if cell),
            )

    def _parent(self, row: Row) -> Answer | None:
        """The answer that a row continues: of its sub-question, or of the row above where nothing else is typed."""
        if parts := row.wording.part_of:
            if self.current is not None and self.current.question_no in parts:
                return self.current
            return self.answers.get(parts[0]) if len(parts) == 1 else None
        asks = row.text(self.columns.question) or row.text(self.columns.number)
        return None if asks or any(row.text(column) for column in self.columns.ratings) else self.current

    def _is_heading(self, row: Row) -> bool:
        """Whether a row has one text and no answer. Cells that were merged can repeat the text."""
        if row.wording.question is not None or row.wording.part_of:
            return False
        filled = [text for text in row.cells if text]
        has_title = bool(row.text(self.columns.number) or row.text(self.columns.question))
        return has_title and len(set(filled)) == 1 and (len(filled) > 1 or not self._has_answer(row))

    def _is_rating(self, row: Row, column: int) -> bool:
        text = row.text(column)
        return bool(text) and self.template.is_rating(text)

    def _has_answer(self, row: Row) -> bool:
        return any(row.text(column) for column in self.columns.answers)

    def _answer(self, row: Row, number: int) -> Answer:
        rating = read_rating(self.table, row, self._cell, self.template.is_rating)
        comments = list(self._comments(row))
        comment_column = (self.columns.comments or (0,))[0]
        if rating.doubt:
            self.problems.add(
                "ambiguous_rating", f"No rating was taken: {rating.doubt}.", row.index, rating.column
            )
        if rating.rest:
            comments.append(f"[With the rating] {rating.rest}")
            message = f"Text behind the rating {quote(rating.text)} was added to the comment."
            self.problems.add("rating_with_text", message, row.index, rating.column)
        if rating.text:
            self.problems.add_personal_data(number, rating.text, row.index, rating.column)
        for text in comments:
            self.problems.add_personal_data(number, text, row.index, comment_column)
        for column in self.columns.comments:
            if doubt := self.grid.doubts.get((row.index, column)):
                self.problems.add("unread_text", f"The comment has text that is {doubt}.", row.index, column)
        answer = Answer(
            number,
            self.problems.sheet,
            self.grid.at(row.index, rating.column),
            row.text(self.columns.question)[:MAX_TEXT],
            self.problems.cut(rating.text, row.index, rating.column),
            self.problems.cut("\n".join(comments), row.index, comment_column),
        )
        if rating.text and not self.template.is_rating(rating.text):
            self.problems.add(
                "not_a_rating", f"{quote(rating.text)} is not a rating.", row.index, rating.column
            )
        elif not rating.text and not rating.doubt:
            answer.rating_colour = explain_missing_rating(self.table, row, rating.column, self.problems)
        if not comments and self.columns.comments and self.grid.may_lack_values:
            add_missing_value(self.table, row, comment_column, "comment", self.problems)
        if not answer.is_blank and (
            row.index in self.grid.hidden_rows or rating.column in self.grid.hidden_columns
        ):
            self.problems.add(
                "hidden_answer", f"The answer to question {number} is hidden.", row.index, rating.column
            )
        return answer

    def _comments(self, row: Row) -> Iterator[str]:
        """The comment of a row and all other text that belongs to it, each other text marked with its source."""
        for place, column in enumerate(self.columns.comments):
            text = self._cell(row, column)
            if text and place:
                text = f"[{self.columns.headings[column]}] {text}"
            if text:
                yield text
        if row.wording.rest:
            yield f"[Under the question] {row.wording.rest}"
        yield from self._notes(row)
        yield from self._texts_of_other_columns(row)

    def _notes(self, row: Row) -> Iterator[str]:
        for place, notes in self.grid.notes.items():
            if place[0] == row.index:
                self.read_notes.add(place)
                yield from (f"[{note.source}] {note.text}" for note in notes)

    def _texts_of_other_columns(self, row: Row) -> Iterator[str]:
        """Texts in columns with another heading that are no mark, date or name, and texts next to the last column."""
        headed = [column for column, heading in enumerate(self.columns.headings) if heading]
        # A cover can be next to the table.
        is_next = not any(map(self.template.cover_label, row.cells[max(headed) + 1 :]))
        for column, text in enumerate(row.cells):
            heading = self.columns.headings[column] if column < len(self.columns.headings) else ""
            is_next = is_next and (column <= max(headed) or bool(text))
            is_comment = len(text) > MAX_MARK_CHARACTERS if heading else column > max(headed) and is_next
            if not text or column in self.columns.answers or text in row.cells[:column] or is_box(text):
                continue
            is_other = heading_role(heading) not in (NUMBER, QUESTION) and not self.template.cover_label(
                heading
            )
            if not is_other or self._is_rating(row, column):
                continue
            if is_comment:
                yield f"[{heading or self.grid.at(row.index, column)}] {text}"
            elif heading and not self.columns.comments:
                message = f"The text in the column {quote(heading)} was not read."
                self.problems.add("unread_text", message, row.index, column)

    def _add(self, answer: Answer) -> None:
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

    def _cell(self, row: Row, column: int) -> str:
        """Text of a cell, or of the merged cell that covers it."""
        text = row.text(column)
        if not text and (row.index, column) in self.grid.merged:
            top, left = self.grid.merged[row.index, column]
            if 0 <= top < len(self.grid.rows) and 0 <= left < len(self.grid.rows[top]):
                return self.grid.rows[top][left]
        return text
