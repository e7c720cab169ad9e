"""Values of queries inside the sentences of a page.

A template never gets a plain value from the data. It gets a `Cell`, which prints formatted and escaped text,
also after a filter or a join. Comparing a cell compares its value.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from jinja2 import StrictUndefined
from jinja2.sandbox import SandboxedEnvironment

from dagster_project.site.formats import escape, format_value
from dagster_project.site.queries import Result

# A title with more names is too long to read.
_MAX_NAMED_QUESTIONS = 3
_SMALL_NUMBERS = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


class MissingValueError(Exception):
    """A sentence prints a value that the data do not have."""


class Cell:
    """One value of one row."""

    def __init__(self, column: str, value: Any, row: Mapping[str, Any]) -> None:
        self._column, self._value, self._row = column, value, row

    def __str__(self) -> str:
        if self._value is None:
            raise MissingValueError(f"{self._column} has no value here")
        return escape(format_value(self._column, self._value, self._row))

    def __bool__(self) -> bool:
        return bool(self._value)

    def __eq__(self, other: object) -> bool:
        return bool(self._value == unwrap_cell(other))

    def __lt__(self, other: object) -> bool:
        return bool(self._value < unwrap_cell(other))

    def __gt__(self, other: object) -> bool:
        return bool(self._value > unwrap_cell(other))

    def __iter__(self) -> Iterator["Cell"]:
        if not isinstance(self._value, list | tuple):
            raise MissingValueError(f"{self._column} is not a list")
        return (Cell(self._column, item, self._row) for item in self._value)

    __hash__ = None  # type: ignore[assignment]


class Row:
    """One row; its columns are attributes."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = values

    def __getattr__(self, column: str) -> Cell:
        if column not in self._values:
            raise AttributeError(f"no column {column!r}; the columns are {', '.join(self._values)}")
        return Cell(column, self._values[column], self._values)


class Rows:
    """The rows of a named query. If there is exactly one, its columns are attributes of the name."""

    def __init__(self, name: str, result: Result) -> None:
        self._name = name
        self._rows = [Row(values) for values in result.to_dicts()]

    def __iter__(self) -> Iterator[Row]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    def __getattr__(self, column: str) -> Cell:
        if column.startswith("_"):
            raise AttributeError(column)
        if len(self._rows) != 1:
            raise MissingValueError(f"{self._name} has {len(self._rows)} rows; a sentence needs one")
        return Row.__getattr__(self._rows[0], column)


def create_environment() -> SandboxedEnvironment:
    """Return a sandboxed environment in which an undefined or missing value is an error."""
    environment = SandboxedEnvironment(
        undefined=StrictUndefined, finalize=_require_value, keep_trailing_newline=True
    )
    environment.filters["and_list"] = format_list
    environment.filters["few_questions"] = format_questions
    environment.filters["in_sentence"] = lower_first_letter
    environment.filters["in_words"] = format_in_words
    environment.filters["quantity"] = format_quantity
    return environment


def format_list(items: Iterable[object]) -> str:
    """Return items as a list in a sentence: `a, b and c`."""
    *others, last = map(str, items)
    return f"{', '.join(others)} and {last}" if others else last


def format_questions(labels: Iterable[object]) -> str:
    """Return labels of questions inside a sentence; of more than three, their number: `5 questions`."""
    items = [lower_first_letter(label) for label in labels]
    return format_list(items) if len(items) <= _MAX_NAMED_QUESTIONS else f"{len(items)} questions"


def lower_first_letter(label: object) -> str:
    """Return a label as written inside a sentence: `practice guidance`, but `CSE strategy`."""
    text = str(label)
    return text[:1].lower() + text[1:] if text[1:2].islower() else text


def format_in_words(number: object) -> str:
    """Return a number below ten in words, and any other as digits: `four`, `25`."""
    value = unwrap_cell(number)
    return _SMALL_NUMBERS[value] if 0 <= value < len(_SMALL_NUMBERS) else f"{value:,}"


def format_quantity(number: object, singular: str, plural: str | None = None) -> str:
    """Return a number with its noun: `no questions`, `1 question`, `25 questions`."""
    value = unwrap_cell(number)
    noun = singular if value == 1 else plural or f"{singular}s"
    return f"{value:,} {noun}" if value else f"no {noun}"


def unwrap_cell(value: object) -> Any:
    """Return the plain value of a cell, which must not be printed; return any other value unchanged."""
    return value._value if isinstance(value, Cell) else value


def _require_value(value: Any) -> Any:
    if value is None or isinstance(value, Row | Rows):
        raise MissingValueError("a sentence prints the value of a column, not a row or nothing")
    return value
