"""Which rating a row gives, where several cells or several boxes of one cell could contain it."""

import re
from dataclasses import dataclass

from dagster_project.intake.interpret.tables import Row, Table
from dagster_project.intake.template import Template
from dagster_project.intake.text import is_prompt, key_rating, quote_text

_UNTICKED = "☐□▢◻❏❐❑❒⬜"
_TICKED = "☑☒✅✓✔✗✘⮽🗵🗷🗸🗹"
_BOXES = f"[{_UNTICKED}{_TICKED}]\ufe0f?"
_BOX_BEFORE_LABEL = re.compile(f"({_BOXES})([^{_UNTICKED}{_TICKED}]*)")
_BOX_AFTER_LABEL = re.compile(f"([^{_UNTICKED}{_TICKED}]+)({_BOXES})")
_BEHIND_RATING = re.compile(r"\s*[\[({,;:–—\n]|\s+-|-\s+|\.\s|(?<=[\])])\s")  # noqa: RUF001
_WORD = re.compile(r"\w+")
_MARKS = frozenset({"x", "y", "yes", "1", "*", "•", "●", "■", "true"})
"""Marks that people type under the word that they choose."""


@dataclass(frozen=True)
class Rating:
    """A rating as typed, and the column of its cell. `doubt` says why none could be chosen; the text is then empty."""

    text: str
    column: int
    doubt: str = ""
    rest: str = ""
    """Text behind the rating in its cell, such as `(see comment)`."""


class AmbiguousBoxes(ValueError):
    """More than one box is ticked."""


def read_rating(table: Table, row: Row) -> Rating:
    """Read the rating of a row, also from a merged cell that covers it."""
    columns = table.columns
    hidden = table.grid.hidden_columns
    candidates = [column for column in columns.ratings if column not in hidden] or list(columns.ratings)
    candidates += [column for column in columns.choices if column not in hidden]
    first = candidates[0] if candidates else 0
    found: dict[int, str] = {}
    for column in (*candidates, *_find_boxes_to_the_right(table, row, candidates)):
        text = table.read_cell(row, column)
        if is_prompt(text):
            text = ""
        try:
            text = (
                _read_choice(columns.choices[column], text)
                if column in columns.choices
                else find_ticked_label(text)
            )
        except AmbiguousBoxes:
            return Rating("", column, f"several boxes are ticked in {quote_text(text)}")
        except ValueError:
            return Rating(
                "",
                column,
                f"{quote_text(text)} is not a mark that chooses {quote_text(columns.choices[column])}",
            )
        if text:
            found[column] = text
    if not found:
        reason = table.grid.doubts.get((row.index, first))
        return Rating("", first, f"its cell holds text that is {reason}" if reason else "")
    column, text = next(iter(found.items()))
    if doubt := table.grid.doubts.get((row.index, column)):
        return Rating("", column, f"the cell of {quote_text(text)} holds text that is {doubt}")
    if len({key_rating(one) for one in found.values()}) > 1:
        listed = " and ".join(quote_text(one) for one in found.values())
        return Rating("", column, f"the row has {listed}")
    empty = [other for other in candidates if other not in found and not row.get_text(other)]
    if not columns.choices and any(_is_used(table, other) for other in empty):
        return Rating("", column, f"{quote_text(text)} is in one of several columns of ratings")
    rating, rest = split_rating(text, table.template)
    return Rating(rating, column, rest=rest)


def split_rating(text: str, template: Template) -> tuple[str, str]:
    """Split a text into a rating and the text behind it.

    The whole text is the rating where the rest could change it, as in `Green, not yet`.
    """
    if template.is_rating(text):
        return text, ""
    for found in reversed(list(_BEHIND_RATING.finditer(text))):
        head, rest = text[: found.start()].strip(), text[found.start() :].lstrip(" \n,;:.–—-").strip()  # noqa: RUF001
        if template.is_rating(head):
            words = f" {' '.join(_WORD.findall(key_rating(rest)))} "
            others = (" not ", *(f" {word} " for word in template.rating_words if len(word) > 1))
            is_plain = "?" not in rest and not any(other in words for other in others)
            return (head, rest) if is_plain else (text, "")
    return text, ""


def is_box(text: str) -> bool:
    """Return whether a text has a box to tick."""
    return re.search(_BOXES, text) is not None


def find_ticked_label(text: str) -> str:
    """Find the label of the one ticked box among several; empty where all are unticked; other text as it is.

    Raises `AmbiguousBoxes` where more than one is ticked.
    """
    if not is_box(text):
        return text
    if re.match(_BOXES, text.lstrip()):
        boxes = [(box, label) for box, label in _BOX_BEFORE_LABEL.findall(text)]
    else:
        boxes = [(box, label) for label, box in _BOX_AFTER_LABEL.findall(text)]
    chosen = [label.strip(" \n\t,;/|") for box, label in boxes if box[0] in _TICKED]
    if len(chosen) > 1:
        raise AmbiguousBoxes(text)
    # A tick without a label is kept as text: it is not a rating.
    return (chosen[0] or text) if chosen else ""


def _read_choice(heading: str, text: str) -> str:
    """Return the heading's rating where the cell below it is marked; empty where it is not.

    Raises `ValueError` for text that is not a mark.
    """
    if not text:
        return ""
    bare = text.strip()
    if re.fullmatch(_BOXES, bare):
        return heading if bare[0] in _TICKED else ""
    if bare.casefold() in _MARKS or key_rating(bare) == key_rating(heading):
        return heading
    raise ValueError(text)


def _find_boxes_to_the_right(table: Table, row: Row, ratings: list[int]) -> list[int]:
    """Find columns without a heading, right of a column of ratings, with boxes to tick."""
    found = []
    for column in ratings:
        other = column + 1
        while other < len(row.cells) and not table.get_heading(other):
            if re.search(_BOXES, row.get_text(other)):
                found.append(other)
            other += 1
    return found


def _is_used(table: Table, column: int) -> bool:
    return any(row.get_text(column) for row in table.rows if row.number is not None or row.wording.question)
