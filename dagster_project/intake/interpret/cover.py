"""The cover: the values next to the template's labels, wherever the labels are."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from dagster_project.intake import labels
from dagster_project.intake.formats.grid import Grid
from dagster_project.intake.interpret.tables import Table
from dagster_project.intake.problems import Problem
from dagster_project.intake.security.limits import MAX_SHOWN
from dagster_project.intake.text import cache_short_texts, key

MAX_VALUE_CHARACTERS = 500
"""Characters kept of a value on the cover: a name, a date, a list of agencies."""

MAX_LABEL_CHARACTERS = 60

OWN_LABEL, OTHER_LABEL, LABEL_IN_TEXT = 3, 2, 1
"""How much a place looks like the template's cover. Only the places most like it are compared with each other."""

LabelOf = Callable[[str], str | None]
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
    label_of: LabelOf,
    *,
    is_longform: bool,
    cover: dict[str, str],
) -> Iterator[Problem]:
    """Fill `cover` from all grids; yields the problems met. `tables` are the tables of answers, which are no cover."""
    found: list[_Value] = []
    answering = {id(table.grid): table for table in tables}
    is_behind = False
    for grid in grids:
        table = answering.get(id(grid))
        values = _columns(grid, tables, label_of) if is_longform else _labelled(grid, table, label_of)
        # A sheet behind the questionnaire is rarely its cover.
        minus = int(is_behind and key(grid.name) != key(labels.COVER_SHEET))
        found += (
            _Value(label, value[:MAX_VALUE_CHARACTERS], weight - minus, grid.is_hidden)
            for label, value, weight in values
        )
        is_behind = is_behind or table is not None
    best: dict[str, int] = {}
    for one in found:
        best[one.label] = max(one.weight, best.get(one.label, 0))
    likely = [one for one in found if one.weight == best[one.label]]
    committees: dict[str, str] = {}
    for one in likely:
        cover.setdefault(one.label, one.value)
        if one.label == labels.COMMITTEE and not one.is_hidden:
            committees.setdefault(key(one.value), one.value)
    if len(committees) > 1:
        listed = "; ".join(f"'{name[:MAX_SHOWN]}'" for name in list(committees.values())[:5])
        yield Problem("several_committees", f"The file names more than one committee: {listed}.")


def _labelled(grid: Grid, table: Table | None, label_of: LabelOf) -> Iterator[tuple[str, str, int]]:
    parse = _parser(label_of)
    comments = table.columns.comments if table else ()
    for row_no, row in enumerate(grid.rows):
        if not any(map(parse, row)):
            continue
        for column, text in enumerate(row):
            # A comment may be any word, also one of the cover's.
            if (column in comments and table and row_no > table.heading_row) or not (found := parse(text)):
                continue
            label, value, weight = found
            if value is None:
                value = next((other for other in row[column + 1 :] if other), "")
                value = value or _below(grid, row_no, column)
            if value and not (len(value) < MAX_LABEL_CHARACTERS and label_of(value)):
                yield label, value, weight


@lru_cache(maxsize=8)
def _parser(label_of: LabelOf) -> Callable[[str], tuple[str, str | None, int] | None]:
    """A function that splits a text into a label, the value in the same cell if there is one, and a weight."""

    def parse(text: str) -> tuple[str, str | None, int] | None:
        if text and len(text) < MAX_LABEL_CHARACTERS and (label := label_of(text)):
            return label, None, OWN_LABEL if key(text) not in labels.SYNONYMS else OTHER_LABEL
        colon = text.find(":", 0, MAX_LABEL_CHARACTERS)
        label = label_of(text[:colon]) if colon > 0 else None
        return (label, text[colon + 1 :].strip(), LABEL_IN_TEXT) if label else None

    return cache_short_texts(parse)


def _below(grid: Grid, row_no: int, column: int) -> str:
    row = grid.rows[row_no + 1] if row_no + 1 < len(grid.rows) else ()
    return row[column] if column < len(row) else ""


def _columns(grid: Grid, tables: Sequence[Table], label_of: LabelOf) -> Iterator[tuple[str, str, int]]:
    """Values of a list of rows: below the headings that are labels, and next to labels above and below the list."""
    listed = []
    for table in tables:
        header = [
            label_of(text) if len(text) < MAX_LABEL_CHARACTERS else None
            for text in grid.rows[table.heading_row]
        ]
        asking = [row for row in table.rows if row.number is not None or row.wording.question is not None]
        listed += [table.heading_row, *(row.index for row in asking)]
        for row in asking:
            for label, value in zip(header, row.cells, strict=False):
                if label and value:
                    yield label, value, OWN_LABEL
    if listed:
        yield from _labelled(replace(grid, rows=grid.rows[: min(listed)]), None, label_of)
        for label, value, weight in _labelled(
            replace(grid, rows=grid.rows[max(listed) + 1 :]), None, label_of
        ):
            yield label, value, weight - 1


def find_stray_text(grids: Iterable[Grid], cover: Mapping[str, str]) -> Iterator[Problem]:
    """A problem for each text that belongs to no cell and is no value of the cover."""
    values = set(cover.values())
    for grid in grids:
        for (row, column), note in grid.stray.items():
            if not any(value and note.text.endswith(value) for value in values):
                yield Problem(
                    "unread_text",
                    f"{note.source}: the text ({len(note.text):,} characters) belongs to no answer.",
                    grid.name[:100],
                    grid.at(row, column),
                )
