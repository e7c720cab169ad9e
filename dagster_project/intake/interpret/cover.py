"""The cover: what stands beside the template's labels, wherever they stand."""

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache

from dagster_project.intake import labels
from dagster_project.intake.formats.grid import Grid
from dagster_project.intake.problems import Problem
from dagster_project.intake.security.limits import MAX_SHOWN
from dagster_project.intake.text import key, remembered

_MAX_VALUE = 500
"""Characters kept of what stands on the cover: a name, a date, a list of agencies."""

_LONGEST = 60
"""Characters from which on a text is no label."""

LabelOf = Callable[[str], str | None]
"""Which field of the cover a short text is the label of."""


def read_cover(
    grids: Iterable[Grid], label_of: LabelOf, *, is_longform: bool, cover: dict[str, str]
) -> Iterator[Problem]:
    """Fill `cover` from all grids; yields the problems met."""
    committees: dict[str, str] = {}
    for grid in grids:
        found = _columns(grid, label_of) if is_longform else _labelled(grid, label_of)
        for label, value in found:
            value = value[:_MAX_VALUE]
            if label == labels.COMMITTEE and not grid.is_hidden:
                committees.setdefault(key(value), value)
            cover.setdefault(label, value)
    if len(committees) > 1:
        told = "; ".join(f"'{name[:MAX_SHOWN]}'" for name in list(committees.values())[:5])
        yield Problem("several_committees", f"The file names more than one committee: {told}.")


def _labelled(grid: Grid, label_of: LabelOf) -> Iterator[tuple[str, str]]:
    said = _said_by(label_of)
    comments: int | None = None
    for row_no, row in enumerate(grid.rows):
        if header := grid.headers[row_no]:
            comments = header.get(labels.COMMENT, comments)
        if not any(map(said, row)):
            continue
        for column, text in enumerate(row):
            # A comment may be any word, also one of the cover's.
            if column == comments or not (found := said(text)):
                continue
            label, value = found
            if value is None:
                value = next((other for other in row[column + 1 :] if other), "")
                value = value or _below(grid, row_no, column)
            if value and not (len(value) < _LONGEST and label_of(value)):
                yield label, value


@lru_cache(maxsize=8)
def _said_by(label_of: LabelOf) -> Callable[[str], tuple[str, str | None] | None]:
    """What a text says of the cover: a label, and the value that stands in the same cell, if one does."""

    def said(text: str) -> tuple[str, str | None] | None:
        if text and len(text) < _LONGEST and (label := label_of(text)):
            return label, None
        # Label and value in one cell or paragraph, parted by a colon.
        colon = text.find(":", 0, _LONGEST)
        label = label_of(text[:colon]) if colon > 0 else None
        return (label, text[colon + 1 :].strip()) if label else None

    return remembered(said)


def _below(grid: Grid, row_no: int, column: int) -> str:
    row = grid.rows[row_no + 1] if row_no + 1 < len(grid.rows) else ()
    return row[column] if column < len(row) else ""


def _columns(grid: Grid, label_of: LabelOf) -> Iterator[tuple[str, str]]:
    first = grid.rows[0] if grid.rows else ()
    header = [label_of(text) if len(text) < _LONGEST else None for text in first]
    for row in grid.rows[1:]:
        for label, value in zip(header, row, strict=False):
            if label and value:
                yield label, value
