"""Records of the text of a CSV file: its delimiter, and quotation marks that are not closed."""

import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

DELIMITERS = ",;\t|"

MAX_LINES_TO_HEADING = 200
"""Lines in which the heading is looked for. Titles, blank lines and a cover can be above it."""

IsHeading = Callable[[Sequence[str]], bool]

# Files that were appended to one another have marks in the middle.
_BYTE_ORDER_MARKS = re.compile(r"(?:\A|(?<=[\r\n]))\ufeff+")
_NAMED_DELIMITER = re.compile(r'"?sep=([^\w\s"]|\t)"?\s*', re.IGNORECASE)
_LINE_END = re.compile(r"\r\n?|\n")


@dataclass(frozen=True)
class Record:
    """One record. `text` is its text in the file, `line` the line in which it begins, from 1."""

    fields: list[str]
    text: str
    line: int
    delimiter: str

    def join_fields(self, first: int) -> str:
        """Join the fields from `first` on, with the delimiters and spaces between them."""
        exact = next(csv.reader(io.StringIO(self.text, newline=""), delimiter=self.delimiter))
        fields = exact if len(exact) == len(self.fields) else self.fields
        return self.delimiter.join(fields[first:]).rstrip(self.delimiter)

    def has_lines_like(self, is_like: Callable[[Sequence[str]], bool]) -> bool:
        """Return whether a field contains a line, other than its first, that is a record of this kind."""
        lines = (line for field in self.fields for line in _LINE_END.split(field)[1:])
        return any(is_like(_split_fields(line, self.delimiter)) for line in lines)


class UnbalancedQuote(Exception):
    """A quotation mark that begins a field is not closed, or other text follows the one that closes it."""

    def __init__(self, line: int) -> None:
        super().__init__(
            f"A text that begins with a quotation mark in line {line} is not closed, or is followed by other text."
        )


def read_records(text: str, is_heading: IsHeading) -> Iterator[Record]:
    """Read the records of a file; a first line that names the delimiter is none.

    Raises `UnbalancedQuote`, `csv.Error`.
    """
    text = _BYTE_ORDER_MARKS.sub("", text)
    lines = io.StringIO(text, newline="")
    first = lines.readline()
    named = _NAMED_DELIMITER.fullmatch(first)
    if not named:
        lines.seek(0)
    delimiter = _find_delimiter(text, named[1] if named else "", is_heading)
    read_lines: list[str] = []

    def keep_lines() -> Iterator[str]:
        for line in lines:
            read_lines.append(line)
            yield line

    reader = csv.reader(keep_lines(), delimiter=delimiter, skipinitialspace=True, strict=True)
    while True:
        line = reader.line_num + (2 if named else 1)
        read_lines.clear()
        try:
            yield Record(next(reader), "".join(read_lines), line, delimiter)
        except StopIteration:
            return
        except csv.Error as error:
            raise UnbalancedQuote(line) from error


def _find_delimiter(text: str, named: str, is_heading: IsHeading) -> str:
    """Find the delimiter that makes a line a heading; otherwise the one that most of the first lines have."""
    lines = [line for line in _LINE_END.split(text[:1_000_000]) if line.strip()][:MAX_LINES_TO_HEADING]
    candidates = named + DELIMITERS
    for line in lines:
        for delimiter in candidates:
            if is_heading(_split_fields(line, delimiter)):
                return delimiter
    return named or max(DELIMITERS, key=lambda one: sum(one in line for line in lines))


def _split_fields(line: str, delimiter: str) -> list[str]:
    return next(csv.reader([line], delimiter=delimiter, skipinitialspace=True), [])
