"""The answer that one row of the questionnaire gives: its rating, and all text that belongs to it."""

from collections.abc import Iterator

from dagster_project.intake.formats.grid import Place
from dagster_project.intake.interpret.cell_problems import CellProblems
from dagster_project.intake.interpret.columns import NUMBER, QUESTION, find_heading_role
from dagster_project.intake.interpret.missing_ratings import add_missing_value, explain_missing_rating
from dagster_project.intake.interpret.ratings import is_box, read_rating
from dagster_project.intake.interpret.tables import MAX_MARK_CHARACTERS, Row, Table
from dagster_project.intake.returned import Answer
from dagster_project.intake.security.limits import MAX_TEXT
from dagster_project.intake.text import is_prompt, quote_text


class RowReader:
    """Reads the answers of single rows of a table. `read_notes` has the places of the notes that were read."""

    def __init__(self, table: Table, problems: CellProblems) -> None:
        self.read_notes: set[Place] = set()
        self.table = table
        self.grid = table.grid
        self.columns = table.columns
        self.template = table.template
        self.problems = problems

    def read(self, row: Row, number: int) -> Answer:
        """Read the answer to a question: its rating, its comment, and a problem for everything uncertain."""
        rating = read_rating(self.table, row)
        comments = list(self._list_comments(row))
        comment_column = (self.columns.comments or (0,))[0]
        if rating.doubt:
            self.problems.add(
                "ambiguous_rating", f"No rating was taken: {rating.doubt}.", row.index, rating.column
            )
        if rating.rest:
            comments.append(f"[With the rating] {rating.rest}")
            message = f"Text behind the rating {quote_text(rating.text)} was added to the comment."
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
            self.grid.name_cell(row.index, rating.column),
            row.get_text(self.columns.question)[:MAX_TEXT],
            self.problems.cut_text(rating.text, row.index, rating.column),
            self.problems.cut_text("\n".join(comments), row.index, comment_column),
        )
        if rating.text and not self.template.is_rating(rating.text):
            self.problems.add(
                "not_a_rating", f"{quote_text(rating.text)} is not a rating.", row.index, rating.column
            )
        elif not rating.text and not rating.doubt:
            answer.rating_colour = explain_missing_rating(self.table, row, rating.column, self.problems)
        if not comments and self.columns.comments and self.grid.may_lack_values:
            add_missing_value(self.table, row, comment_column, "comment", self.problems)
        is_hidden = row.index in self.grid.hidden_rows or rating.column in self.grid.hidden_columns
        places = [rating.column] if is_hidden and not answer.is_blank else []
        places += [
            one for one in self.columns.comments if one in self.grid.hidden_columns and row.get_text(one)
        ]
        for column in places:
            message = f"The answer to question {number} is hidden."
            self.problems.add("hidden_answer", message, row.index, column)
        return answer

    def _list_comments(self, row: Row) -> Iterator[str]:
        """List the comment of a row and all other text that belongs to it, each marked with its source."""
        for place, column in enumerate(self.columns.comments):
            text = self.table.read_cell(row, column)
            text = "" if is_prompt(text) else text
            if text and place:
                text = f"[{self.columns.headings[column]}] {text}"
            if text:
                yield text
        if row.wording.rest:
            yield f"[Under the question] {row.wording.rest}"
        yield from self.list_notes(row)
        yield from self._list_other_texts(row)

    def list_notes(self, row: Row) -> Iterator[str]:
        """List the notes of a row, each marked with its source."""
        for place, notes in self.grid.notes.items():
            if place[0] == row.index:
                self.read_notes.add(place)
                yield from (f"[{note.source}] {note.text}" for note in notes)

    def _list_other_texts(self, row: Row) -> Iterator[str]:
        """List texts under another heading that are no mark, date or name, or next to the last column."""
        headed = [column for column, heading in enumerate(self.columns.headings) if heading]
        # A cover can be next to the table.
        is_next = not any(map(self.template.find_cover_label, row.cells[max(headed) + 1 :]))
        for column, text in enumerate(row.cells):
            heading = self.table.get_heading(column)
            is_next = is_next and (column <= max(headed) or bool(text))
            is_comment = len(text) > MAX_MARK_CHARACTERS if heading else column > max(headed) and is_next
            if not text or column in self.columns.answers or text in row.cells[:column] or is_box(text):
                continue
            is_other = find_heading_role(heading) not in (
                NUMBER,
                QUESTION,
            ) and not self.template.find_cover_label(heading)
            if not is_other or self.table.is_rating(row, column):
                continue
            if is_comment:
                yield f"[{heading or self.grid.name_cell(row.index, column)}] {text}"
            elif heading and not self.columns.comments:
                message = f"The text in the column {quote_text(heading)} was not read."
                self.problems.add("unread_text", message, row.index, column)
