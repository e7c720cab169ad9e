"""The cover: the values next to the template's labels, wherever the labels are."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from dagster_project.intake import labels
from dagster_project.intake.formats.grid import Grid
from dagster_project.intake.interpret.tables import Table
from dagster_project.intake.problems import Problem
from dagster_project.intake.security.limits import MAX_SHOWN
from dagster_project.intake.template import Template
from dagster_project.intake.text import cache_short_texts, key_text

MAX_VALUE_CHARACTERS = 500
"""Characters kept of a value on the cover: a name, a date, a list of agencies."""

MAX_LABEL_CHARACTERS = 60

OWN_LABEL, OTHER_LABEL, LABEL_IN_TEXT = 4, 3, 1
"""How much a place looks like the template's cover. Only the places most like it are compared with each other."""

_BEHIND = 1
"""What a place behind the questionnaire is less like a cover."""

FindLabel = Callable[[str], str | None]
"""The field of the cover that a short text is the label of."""


@dataclass(frozen=True)
class _Value:
    label: str
    value: str
    weight: int
    is_hidden: bool


def read_cover(
    grids: Sequence[Grid],
    tables: Sequence[Table],
    template: Template,
    *,
    is_longform: bool,
    cover: dict[str, str],
) -> Iterator[Problem]:
    """Fill `cover` from all grids; yields the problems met. `tables` have answers, not the cover."""
    found: list[_Value] = []
    find_label = template.find_cover_label
    answering = {id(table.grid) for table in tables}
    last = max((place for place, grid in enumerate(grids) if id(grid) in answering), default=len(grids))
    for place, grid in enumerate(grids):
        own = [table for table in tables if table.grid is grid]
        values = (
            _list_column_values(grid, own, find_label)
            if is_longform
            else _list_labelled_values(grid, own, find_label)
        )
        # Between two questionnaires is the cover of the second.
        minus = _BEHIND if place > last and key_text(grid.name) != key_text(labels.COVER_SHEET) else 0
        found += (
            _Value(label, value[:MAX_VALUE_CHARACTERS], weight - minus, grid.is_hidden)
            for label, value, weight in values
        )
    for label in {one.label for one in found} - {labels.COMMITTEE}:
        cover[label] = _choose_best([one for one in found if one.label == label])[0].value
    named = _choose_committees(
        [one for one in found if one.label == labels.COMMITTEE], template.find_committee
    )
    if named:
        cover[labels.COMMITTEE] = named[0].value
    visible = [one.value for one in reversed(named) if not one.is_hidden]
    committees = {template.find_committee(value) or key_text(value): value for value in visible}
    if len(committees) > 1:
        listed = "; ".join(f"'{name[:MAX_SHOWN]}'" for name in list(committees.values())[:-6:-1])
        yield Problem("several_committees", f"The file names more than one committee: {listed}.")


def _choose_best(values: Sequence[_Value]) -> list[_Value]:
    weight = max(one.weight for one in values)
    return [one for one in values if one.weight == weight]


def _choose_committees(values: Sequence[_Value], find_committee: FindLabel) -> list[_Value]:
    """Choose the values that say whose return it is. Next to the template's own label, every value counts.

    Elsewhere a text such as `CPC: minutes of May` is not a name, so a known name is preferred to any other text.
    """
    best = _choose_best(values) if values else []
    if best and best[0].weight >= OWN_LABEL:
        return best
    known = [one for one in values if find_committee(one.value)]
    if known:
        return _choose_best(known)
    # Behind the questionnaire, and within other text, an unknown name is rarely one.
    return best[:1] if best and best[0].weight in (LABEL_IN_TEXT, OTHER_LABEL) else []


def _list_labelled_values(
    grid: Grid, tables: Sequence[Table], find_label: FindLabel
) -> Iterator[tuple[str, str, int]]:
    """List the values next to labels outside the tables of answers: any word there is part of an answer."""
    parse = _build_label_parser(find_label)
    answers = [_find_place(table) for table in tables]
    for row_no, row in enumerate(grid.rows):
        if not any(map(parse, row)):
            continue
        is_heading = all(map(parse, filter(None, row)))
        for column, text in enumerate(row):
            is_answer = any(row_no in rows and column in columns for rows, columns in answers)
            if is_answer or not (found := parse(text)):
                continue
            label, value, weight = found
            if value is None:
                value = next((other for other in row[column + 1 :] if other), "")
                if not value and is_heading:
                    value = _read_below(grid, row_no, column)
            if value and not (len(value) < MAX_LABEL_CHARACTERS and find_label(value)):
                yield label, value, weight


def _find_place(table: Table) -> tuple[range, range]:
    """Find the rows and columns of a table, from its heading to its last question."""
    asking = (row.index for row in table.rows if row.number is not None or row.wording.question is not None)
    headed = [column for column, text in enumerate(table.columns.headings) if text]
    last_row = max(asking, default=table.heading_row)
    return range(table.heading_row, last_row + 1), range(min(headed), max(headed) + 1)


@lru_cache(maxsize=8)
def _build_label_parser(find_label: FindLabel) -> Callable[[str], tuple[str, str | None, int] | None]:
    """Build a function that splits a text into a label, the value in the same cell if any, and a weight."""

    def parse(text: str) -> tuple[str, str | None, int] | None:
        if text and len(text) < MAX_LABEL_CHARACTERS and (label := find_label(text)):
            return label, None, OWN_LABEL if key_text(text) not in labels.SYNONYMS else OTHER_LABEL
        colon = text.find(":", 0, MAX_LABEL_CHARACTERS)
        label = find_label(text[:colon]) if colon > 0 else None
        return (label, text[colon + 1 :].strip(), LABEL_IN_TEXT) if label else None

    return cache_short_texts(parse)


def _read_below(grid: Grid, row_no: int, column: int) -> str:
    row = grid.rows[row_no + 1] if row_no + 1 < len(grid.rows) else ()
    return row[column] if column < len(row) else ""


def _list_column_values(
    grid: Grid, tables: Sequence[Table], find_label: FindLabel
) -> Iterator[tuple[str, str, int]]:
    """List values below headings that are labels of a list of rows, and next to labels outside the list."""
    listed = []
    for table in tables:
        header = [
            find_label(text) if len(text) < MAX_LABEL_CHARACTERS else None
            for text in grid.rows[table.heading_row]
        ]
        asking = [row for row in table.rows if row.number is not None or row.wording.question is not None]
        listed += [table.heading_row, *(row.index for row in asking)]
        for row in asking:
            for label, value in zip(header, row.cells, strict=False):
                if label and value:
                    yield label, value, OWN_LABEL
    if listed:
        others = tuple(() if row_no in listed else row for row_no, row in enumerate(grid.rows))
        yield from _list_labelled_values(replace(grid, rows=others[: max(listed)]), (), find_label)
        for label, value, weight in _list_labelled_values(
            replace(grid, rows=others[max(listed) + 1 :]), (), find_label
        ):
            yield label, value, weight - _BEHIND
