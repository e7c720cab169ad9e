"""The row of headings above a table of answers, by which its columns are known."""

from dagster_project.questionnaire import labels
from dagster_project.questionnaire.text import key


def find_columns(row: tuple[str, ...]) -> dict[str, int] | None:
    """Column by label where the row is a header: it heads ratings, and what is rated. None for any other row."""
    found: dict[str, int] = {}
    for column, text in enumerate(row):
        label = labels.COLUMN_LABELS.get(key(text)) if text and len(text) < 40 else None
        if label:
            found.setdefault(label, column)
    is_header = labels.RATING in found and (labels.NUMBER in found or labels.QUESTION in found)
    return found if is_header else None
