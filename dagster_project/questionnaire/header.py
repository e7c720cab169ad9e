"""The row of headings above a table of answers, by which its columns are known."""

from functools import lru_cache

from dagster_project.questionnaire import labels
from dagster_project.questionnaire.text import key

_LONGEST = 40
"""Characters from which on a text is no heading."""


def find_columns(row: tuple[str, ...]) -> dict[str, int] | None:
    """Column by label where the row is a header: it heads ratings, and what is rated. None for any other row."""
    found: dict[str, int] = {}
    for column, text in enumerate(row):
        if 0 < len(text) < _LONGEST and (label := _heading(text)):
            found.setdefault(label, column)
    is_header = labels.RATING in found and (labels.NUMBER in found or labels.QUESTION in found)
    return found if is_header else None


@lru_cache(maxsize=2_048)
def _heading(text: str) -> str | None:
    return labels.COLUMN_LABELS.get(key(text))
