"""Headings of a table of answers: which columns contain numbers, wordings, ratings and comments."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from dagster_project.intake.text import cache_short_texts

MAX_HEADING_CHARACTERS = 100

NUMBER, QUESTION, RATING, COMMENT = "number", "question", "rating", "comment"

_NUMBER_WORDS = frozenset({"no", "nr", "number", "q"})
_QUESTION_WORDS = frozenset({"question", "questions"})
_RATING_WORDS = frozenset({"rating", "ratings", "rag"})
_COLOUR_WORDS = frozenset({"red", "amber", "green"})
_COLOUR_LETTERS = frozenset("rag")
_COMMENT_WORDS = frozenset(
    """
    comment comments commentary detail details evidence explanation feedback justification narrative note notes
    observation observations rationale reason reasons remark remarks why
    """.split()  # noqa: SIM905 - one word per line would hide the list
)
_NUMBER = re.compile(r"(?:q(?:uestion)?|no)?\s*[.:]?\s*(\d{1,3})\s*([a-z])?\s*[.):]*", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True)
class Columns:
    """The columns of one table by role. Several columns can contain ratings or comments."""

    number: int | None
    question: int | None
    ratings: tuple[int, ...]
    comments: tuple[int, ...]
    choices: Mapping[int, str]
    """Column by its heading, where a rating is chosen by a mark under its word."""
    headings: tuple[str, ...]

    @property
    def answers(self) -> frozenset[int]:
        """Columns with a committee's answers."""
        return frozenset((*self.ratings, *self.comments, *self.choices))


def _find_role(text: str) -> str | None:
    if not 0 < len(text) <= MAX_HEADING_CHARACTERS:
        return None
    words = frozenset(_WORD.findall(text.casefold()))
    if words & _COMMENT_WORDS:
        return COMMENT
    if words & _RATING_WORDS or words >= _COLOUR_WORDS or words >= _COLOUR_LETTERS:
        return RATING
    if words & _NUMBER_WORDS and words <= _NUMBER_WORDS | _QUESTION_WORDS:
        return NUMBER
    return QUESTION if words & _QUESTION_WORDS else None


find_heading_role = cache_short_texts(_find_role)
"""The role of a column by its heading; None for any other text."""


def find_columns(row: Sequence[str], is_rating: Callable[[str], bool]) -> Columns | None:
    """Find the columns that a row heads; None where the row is not the heading of a table of ratings."""
    if not any(map(find_heading_role, row)):
        return None
    places: dict[str, list[int]] = {NUMBER: [], QUESTION: [], RATING: [], COMMENT: []}
    for column, text in enumerate(row):
        if text and parse_number(text):
            # A row of answers whose texts happen to be such words.
            return None
        if role := find_heading_role(text):
            places[role].append(column)
    choices = find_choices(row, is_rating)
    if not (places[RATING] or choices) or not (places[NUMBER] or places[QUESTION]):
        return None
    return Columns(
        number=next(iter(places[NUMBER]), None),
        question=next(iter(places[QUESTION]), None),
        ratings=tuple(places[RATING]),
        comments=tuple(places[COMMENT]),
        choices=choices,
        headings=tuple(row),
    )


def find_grouped_columns(
    above: Sequence[str], row: Sequence[str], is_rating: Callable[[str], bool]
) -> Columns | None:
    """Find the columns that two rows head.

    A heading of ratings in the first one spans columns of the second one.
    """
    asking = [column for column, text in enumerate(row) if find_heading_role(text) in (NUMBER, QUESTION)]
    if not asking:
        return None
    names, group = list(row), ""
    for column in range(max(asking) + 1, len(row)):
        group = (above[column] if column < len(above) else "") or group
        if find_heading_role(group) == RATING and row[column] and find_heading_role(row[column]) is None:
            names[column] = f"{group}: {row[column]}"
    return find_columns(names, is_rating) if names != list(row) else None


def find_choices(row: Sequence[str], is_rating: Callable[[str], bool]) -> dict[int, str]:
    """Find columns of one rating each; empty where fewer than two different ratings are headings."""
    found = {column: text for column, text in enumerate(row) if text and is_rating(text)}
    return found if len({text.casefold() for text in found.values()}) > 1 else {}


def parse_number(text: str) -> tuple[int, str] | None:
    """Parse a question's number as typed, with the letter behind it: `Q4)` is (4, ''), `4a` is (4, 'a')."""
    found = _NUMBER.fullmatch(text.strip())
    return (int(found[1]), (found[2] or "").lower()) if found else None
