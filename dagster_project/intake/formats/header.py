"""The row of headings above a table of answers, by which its columns are known."""

from dagster_project.intake import labels
from dagster_project.intake.text import key, remembered

_LONGEST = 40
"""Characters from which on a text is no heading."""

_heading = remembered(lambda text: labels.COLUMN_LABELS.get(key(text)) if 0 < len(text) < _LONGEST else None)
"""The label of a column that a text is; None for any other text."""


def find_columns(row: tuple[str, ...]) -> dict[str, int] | None:
    """Column by label where the row is a header: it heads ratings, and what is rated. None for any other row."""
    if not any(map(_heading, row)):
        return None
    found: dict[str, int] = {}
    for column, label in enumerate(map(_heading, row)):
        if label:
            found.setdefault(label, column)
    is_header = labels.RATING in found and (labels.NUMBER in found or labels.QUESTION in found)
    return found if is_header else None
