"""Cells without text: a colour, a formula, an error or a picture, or a rating outside its column."""

from dagster_project.intake.interpret.cell_problems import CellProblems
from dagster_project.intake.interpret.columns import NUMBER, QUESTION, find_heading_role
from dagster_project.intake.interpret.tables import Row, Table
from dagster_project.intake.text import quote_text


def explain_missing_rating(table: Table, row: Row, column: int, problems: CellProblems) -> str:
    """Add a problem that explains why a cell has no rating, if there is one.

    Returns: the cell's colour as `#rrggbb`, or an empty text.
    """
    if add_missing_value(table, row, column, "rating", problems):
        return ""
    grid = table.grid
    place = grid.merged.get((row.index, column), (row.index, column))
    if colour := grid.marks.colours.get(place, ""):
        problems.add(
            "rating_by_colour", f"No rating is typed; the cell is coloured {colour}.", row.index, column
        )
        return colour
    for other, text in enumerate(row.cells):
        if text and table.template.is_rating(text) and _is_other_column(table, other):
            problems.add(
                "rating_elsewhere", f"{quote_text(text)} is outside the column of ratings.", row.index, other
            )
    return ""


def add_missing_value(table: Table, row: Row, column: int, name: str, problems: CellProblems) -> bool:
    """Add a problem where a cell has content without text. Returns whether it has."""
    content = table.grid.marks.unvalued.get((row.index, column))
    if content:
        problems.add("no_value_in_file", f"The {name} is {content}.", row.index, column)
    return bool(content)


def _is_other_column(table: Table, column: int) -> bool:
    role = find_heading_role(table.get_heading(column))
    return column not in table.columns.answers and role not in (NUMBER, QUESTION)
