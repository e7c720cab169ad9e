"""The table of answers: rows below a header, found by the words of the template, in any order and place."""

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from dagster_project.intake import labels
from dagster_project.intake.formats.grid import Grid, Marks
from dagster_project.intake.interpret.personal import personal_data
from dagster_project.intake.problems import Problem
from dagster_project.intake.returned import Answer, ReadReturn
from dagster_project.intake.security.limits import MAX_TEXT
from dagster_project.intake.template import Template, typed_number
from dagster_project.intake.text import key, remembered, shown


class _Columns(NamedTuple):
    """Where a table has what; None for what it has not."""

    rating: int
    number: int | None
    question: int | None
    comment: int | None
    all: frozenset[int]


class RowReader:
    """Adds the answers of one grid after the other to a return."""

    def __init__(self, template: Template, result: ReadReturn) -> None:
        self.template = template
        self.result = result
        self.numbers = template.numbers
        self.answers: dict[int, Answer] = {}
        self.columns: _Columns | None = None
        self.width = 0

    def read(self, grid: Grid) -> None:
        """Read every row of a grid that stands below a header."""
        self.grid = grid
        self.sheet = grid.name[:100]
        self.marks: Marks | None = None
        self.told_hidden = False
        current: Answer | None = None
        for row_no, row, columns in self._body():
            number, question = self._question(row_no, row, columns)
            if number is None:
                self._continue(current, row_no, row, columns)
                continue
            answer = self._answer(row_no, row, columns, number, question)
            current = self._add(answer)
        self.result.answers[:] = self.answers.values()

    def _body(self) -> Iterator[tuple[int, tuple[str, ...], _Columns]]:
        # A table that was cut in two goes on without a header of its own.
        columns = self.columns if self.grid.rows and len(self.grid.rows[0]) == self.width else None
        for row_no, (row, found) in enumerate(zip(self.grid.rows, self.grid.headers, strict=True)):
            if found:
                columns = _Columns(
                    rating=found[labels.RATING],
                    number=found.get(labels.NUMBER),
                    question=found.get(labels.QUESTION),
                    comment=found.get(labels.COMMENT),
                    all=frozenset(found.values()),
                )
                self.columns = columns
                self.width = len(row)
                if labels.COMMENT not in found:
                    self._tell("no_comment_column", "The table has no column of comments.", row_no, 0)
            elif columns is not None:
                yield row_no, row, columns

    def _question(self, row_no: int, row: tuple[str, ...], columns: _Columns) -> tuple[int | None, str]:
        """Number and wording of the question that a row asks; no number for any other row."""
        question = _get(row, columns.question)
        asked, number, is_part = self.template.wording(question)
        typed = typed_number(_get(row, columns.number))
        if typed is not None or columns.number is not None:
            number = typed
        if asked is None:
            return (None if is_part else number), question
        if number is not None and asked != number:
            self._tell(
                "renumbered_question",
                f"The row is numbered {number} and words question {asked}; it was read as question {asked}.",
                row_no,
                columns.number or 0,
            )
        return asked, question

    def _continue(self, current: Answer | None, row_no: int, row: tuple[str, ...], columns: _Columns) -> None:
        """A row that asks no question: a heading, or a sub-question whose comment is part of the answer above."""
        comment = _get(row, columns.comment)
        rating = _get(row, columns.rating)
        if rating and self.template.is_rating(rating):
            self._tell(
                "rating_on_sub_question",
                f"A rating, {shown(rating)}, stands in a row that asks no question of its own.",
                row_no,
                columns.rating,
            )
        if current is not None and comment:
            joined = f"{current.comment_typed}\n{comment}".strip()
            current.comment_typed = self._cut(joined, row_no, columns.comment or 0)
            self._tell_personal(current.question_no, comment, row_no, columns.comment or 0)

    def _answer(
        self, row_no: int, row: tuple[str, ...], columns: _Columns, number: int, question: str
    ) -> Answer:
        rating = _get(row, columns.rating) or self._covered(row_no, columns.rating)
        if key(rating) in labels.PROMPTS:
            # Not every program says of a list's prompt that it is one.
            rating = ""
        comment = _get(row, columns.comment) or self._covered(row_no, columns.comment)
        if rating:
            self._tell_personal(number, rating, row_no, columns.rating)
        if comment:
            self._tell_personal(number, comment, row_no, columns.comment or 0)
        answer = Answer(
            number,
            self.sheet,
            self.grid.at(row_no, columns.rating),
            question[:MAX_TEXT],
            self._cut(rating, row_no, columns.rating),
            self._cut(comment, row_no, columns.comment or 0),
        )
        if number not in self.numbers:
            return answer
        if not rating:
            self._look_beyond_text(answer, row_no, row, columns)
        elif not self.template.is_rating(rating):
            self._tell("not_a_rating", f"{shown(rating)} is no rating.", row_no, columns.rating)
        if not comment and columns.comment is not None and self.grid.may_lack_values:
            self._tell_unvalued(row_no, columns.comment, "comment")
        return answer

    def _look_beyond_text(self, answer: Answer, row_no: int, row: tuple[str, ...], columns: _Columns) -> None:
        """Where no rating is typed: a colour, a formula, an error, a picture, or the rating beside its column."""
        column = columns.rating
        if self._tell_unvalued(row_no, column, "rating"):
            return
        place = self.grid.merged.get((row_no, column), (row_no, column))
        answer.rating_colour = self._marks().colours.get(place, "")
        if answer.rating_colour:
            self._tell(
                "rating_by_colour",
                f"No rating is typed; the cell is coloured {answer.rating_colour}.",
                row_no,
                column,
            )
            return
        for other, text in enumerate(row):
            if other not in columns.all and text and self.template.is_rating(text):
                self._tell(
                    "rating_elsewhere", f"{shown(text)} stands outside the column of ratings.", row_no, other
                )

    def _tell_unvalued(self, row_no: int, column: int, what: str) -> bool:
        found = self._marks().unvalued.get((row_no, column))
        if found:
            self._tell("no_value_in_file", f"The {what} is {found}.", row_no, column)
        return bool(found)

    def _add(self, answer: Answer) -> Answer | None:
        """Take an answer in, unless it is a question that is not asked or is answered already."""
        number = answer.question_no
        if number not in self.numbers:
            self._problem("unknown_question", f"The template has no question {number}.", answer)
            return None
        before = self.answers.get(number)
        if self.grid.is_hidden and not self.told_hidden and not answer.is_blank:
            self.told_hidden = True
            self._problem("hidden_sheet", "The sheet is hidden and holds answers.", replace(answer, cell=""))
        if before is None or before.is_blank:
            self.answers[number] = answer
            return answer
        if not answer.is_blank and not answer.says_the_same(before) and not self.grid.is_hidden:
            self._problem("repeated_question", f"Question {number} is answered twice.", answer)
        return None

    def _covered(self, row_no: int, column: int | None) -> str:
        """Text of the whole that an empty cell is merged into."""
        if self.grid.merged and column is not None and (row_no, column) in self.grid.merged:
            top, left = self.grid.merged[row_no, column]
            if 0 <= top < len(self.grid.rows):
                return _get(self.grid.rows[top], left)
        return ""

    def _marks(self) -> Marks:
        if self.marks is None:
            self.marks = self.grid.look()
        return self.marks

    def _tell_personal(self, number: int, text: str, row_no: int, column: int) -> None:
        for kind, times in _personal_data(text).items():
            self._tell(
                "personal_data",
                f"The answer to question {number} seems to hold personal data: {kind} ({times}).",
                row_no,
                column,
            )

    def _cut(self, text: str, row_no: int, column: int) -> str:
        if len(text) <= MAX_TEXT:
            return text
        self._tell(
            "text_too_long", f"{len(text):,} characters; the first {MAX_TEXT:,} are kept.", row_no, column
        )
        return text[:MAX_TEXT]

    def _tell(self, code: str, message: str, row_no: int, column: int) -> None:
        self.result.problems.append(Problem(code, message, self.sheet, self.grid.at(row_no, column)))

    def _problem(self, code: str, message: str, answer: Answer) -> None:
        self.result.problems.append(Problem(code, message, answer.sheet, answer.cell))


_personal_data = remembered(lambda text: personal_data(text[:MAX_TEXT]))
"""Ratings come again in every row."""


def _get(row: tuple[str, ...], column: int | None) -> str:
    return row[column] if column is not None and 0 <= column < len(row) else ""
