"""Problems at the cells of one grid."""

from dagster_project.intake.formats.grid import Grid
from dagster_project.intake.interpret.personal import count_personal_data
from dagster_project.intake.problems import Problem
from dagster_project.intake.security.limits import MAX_TEXT
from dagster_project.intake.text import cache_short_texts

_find_personal_data = cache_short_texts(lambda text: count_personal_data(text[:MAX_TEXT]))


class CellProblems:
    """Adds problems to those of a return, with the sheet and cell of each."""

    def __init__(self, grid: Grid, problems: list[Problem]) -> None:
        self.sheet = grid.name[:100]
        self._grid = grid
        self._problems = problems

    def add(self, code: str, message: str, row: int, column: int) -> None:
        """Add a problem at a position within the grid's rows."""
        self.add_at(code, message, self._grid.name_cell(row, column))

    def add_at(self, code: str, message: str, cell: str = "") -> None:
        """Add a problem at a named cell, or of the whole sheet."""
        self._problems.append(Problem(code, message, self.sheet, cell))

    def add_personal_data(self, question_no: int, text: str, row: int, column: int) -> None:
        """Add a problem for each kind of personal data in a text. The message never repeats the data."""
        for kind, count in _find_personal_data(text).items():
            self.add(
                "personal_data",
                f"The answer to question {question_no} seems to hold personal data: {kind} ({count}).",
                row,
                column,
            )

    def cut_text(self, text: str, row: int, column: int) -> str:
        """Cut a text to the maximum of an answer, with a problem if it is longer."""
        if len(text) > MAX_TEXT:
            self.add(
                "text_too_long", f"{len(text):,} characters; the first {MAX_TEXT:,} are kept.", row, column
            )
        return text[:MAX_TEXT]
