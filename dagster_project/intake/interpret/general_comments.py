"""Text that asks no question and belongs to no answer: closing rows, page headers, paragraphs below a table."""

import re
from collections.abc import Iterable, Iterator, Mapping

from dagster_project.intake.formats.grid import FREE_TEXT, TEXT_BOX, Grid
from dagster_project.intake.interpret.columns import COMMENT, find_columns, find_heading_role, parse_number
from dagster_project.intake.interpret.ratings import split_rating
from dagster_project.intake.interpret.tables import Table
from dagster_project.intake.interpret.wordings import build_matcher
from dagster_project.intake.problems import Problem
from dagster_project.intake.template import Template
from dagster_project.intake.text import key_text

_QUESTION = re.compile(r"(?:\bq(?:uestion)?s?|\bno)\W{0,2}(\d{1,3})\b|^(\d{1,3})[.):]\s", re.IGNORECASE)
_PAGE_NUMBER = re.compile(r"(?:page|of|[\d\W_])*", re.IGNORECASE)


def can_be_answer(text: str, template: Template) -> bool:
    """Return whether a text could be an answer, or a part of one.

    It names a question, has its wording, or is a rating.
    """
    named = {int(one or other) for one, other in _QUESTION.findall(text)}
    wording = build_matcher(template).match(text)
    return bool(
        named & template.numbers
        or wording.question is not None
        or wording.part_of
        or template.is_rating(split_rating(text, template)[0])
    )


def find_stray_text(grids: Iterable[Grid], cover: Mapping[str, str], template: Template) -> Iterator[Problem]:
    """Yield a problem for each text outside of cells.

    Values of the cover and headings of the template are no problem.
    """
    values = {"", *cover.values()}
    for grid in grids:
        for (row, column), note in grid.stray.items():
            text = note.text
            label, _, value = text.partition(":")
            is_of_cover = text in values or (template.find_cover_label(label) and value.strip() in values)
            if is_of_cover or key_text(text) in template.headings or _PAGE_NUMBER.fullmatch(text):
                continue
            is_answer = note.source == TEXT_BOX or can_be_answer(text, template)
            yield Problem(
                "unread_text" if is_answer else "general_comment",
                f"{note.source}: the text ({len(text):,} characters) belongs to no answer.",
                grid.name[:100],
                grid.name_cell(row, column),
            )


def find_unread_grids(
    grids: Iterable[Grid], tables: Iterable[Table], problems: Iterable[Problem], template: Template
) -> Iterator[Problem]:
    """Yield a problem for each visible sheet or table with text that is not read.

    The text gives no answer, has no ratings and is not the cover.
    """
    read = {id(table.grid) for table in tables}
    reported = {problem.sheet for problem in problems}
    for grid in grids:
        # The text of a table in a cell is part of the cell's text.
        if id(grid) in read or grid.around or grid.is_hidden or grid.stray or grid.name == FREE_TEXT:
            continue
        texts = [text for row in grid.rows for text in row if text]
        if not texts:
            continue
        is_cover = any(template.find_cover_label(text.split(":")[0]) for text in texts)
        has_ratings = any(find_columns(row, template.is_rating) for row in grid.rows)
        if is_cover or has_ratings or grid.name[:100] in reported:
            continue
        row = next(number for number, cells in enumerate(grid.rows) if any(cells))
        yield Problem(
            "unread_text" if _has_comments(grid, template) else "general_comment",
            f"No answer was found in this sheet or table; its text ({sum(map(len, texts)):,} characters) was not read.",
            grid.name[:100],
            grid.name_cell(row, next(column for column, cell in enumerate(grid.rows[row]) if cell)),
        )


def _has_comments(grid: Grid, template: Template) -> bool:
    """Return whether a text is below a heading of comments, in a row with a question's number or wording."""
    columns: list[int] = []
    for row in grid.rows:
        columns = [column for column, text in enumerate(row) if find_heading_role(text) == COMMENT] or columns
        if not any(row[column] for column in columns if column < len(row)):
            continue
        others = [text for column, text in enumerate(row) if column not in columns]
        numbers = {number[0] for text in others if (number := parse_number(text))}
        wordings = map(build_matcher(template).match, others)
        if numbers & template.numbers or any(wording.question is not None for wording in wordings):
            return True
    return False
