"""Grids of text: the result of every reader, with the name of each cell."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

Place = tuple[int, int]
"""Row and column within a grid's rows, from 0."""

TEXT_BOX, PARAGRAPH = "Text box", "Paragraph below a table"
PAGE_HEADER, PAGE_FOOTER = "Page header", "Page footer"
"""Sources of text that belongs to no cell."""

FREE_TEXT = "text"
"""Name of the grid of a document's text outside tables."""

INVISIBLE, STRUCK = "in the colour of its background", "struck through"
COVERED, DIFFERENT = "covered by a merged cell", "stored with another text that some programs show"

_CELL = re.compile(r"([A-Za-z]{1,3})([1-9]\d{0,6})", re.ASCII)


@dataclass
class Marks:
    """Content of cells that is not text, by place."""

    colours: dict[Place, str] = field(default_factory=dict)
    """Fill as `#rrggbb`, except shades of grey."""
    unvalued: dict[Place, str] = field(default_factory=dict)
    """Description of content that has no text in the file, such as a formula without a result."""


@dataclass(frozen=True)
class Note:
    """Text that is attached to a cell or a sheet instead of typed into a cell."""

    source: str
    """Where the text is, such as `Cell note` or `Text box`."""
    text: str


@dataclass(frozen=True)
class Grid:
    """A sheet or a table. `rows` has text as typed; `cell_name` returns the name of a cell by row and column."""

    name: str
    rows: tuple[tuple[str, ...], ...]
    cell_name: Callable[[int, int], str]
    first_row: int = 0
    first_column: int = 0
    is_hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    notes: Mapping[Place, tuple[Note, ...]] = field(default_factory=dict)
    """Text that belongs to a cell without being its content."""
    stray: Mapping[Place, Note] = field(default_factory=dict)
    """Text that belongs to no cell, by the row near which it is."""
    doubts: Mapping[Place, str] = field(default_factory=dict)
    """Cells whose text is not what the sender sees or means, and why: `struck through`, `hidden`."""
    merged: Mapping[Place, Place] = field(default_factory=dict)
    """Cells covered by one above them, and that one."""
    around: "Grid | None" = None
    """The table that has this one in a cell. The text of the cell contains the text of this grid."""
    may_lack_values: bool = True
    """Whether a cell without text can have other content."""
    look: Callable[[], Marks] = Marks
    """Reads the marks."""

    @cached_property
    def marks(self) -> Marks:
        """Content that is not text. Read only where text is missing."""
        return self.look()

    def name_cell(self, row: int, column: int) -> str:
        """Name the cell at these positions within `rows`, as the sender sees it."""
        return self.cell_name(self.first_row + row, self.first_column + column)


@lru_cache(maxsize=4_096)
def name_sheet_cell(row: int, column: int) -> str:
    """Name a cell in a sheet, such as `C5` for row 4 and column 2."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row + 1}"


def parse_cell_name(name: str) -> Place:
    """Parse the name of a cell into row and column, from 0: `(4, 2)` for `C5`.

    Raises `ValueError` for any other text.
    """
    parts = _CELL.fullmatch(name)
    if not parts:
        raise ValueError("a cell has no name that a cell can have")
    column = 0
    for letter in parts[1].upper():
        column = 26 * column + ord(letter) - ord("A") + 1
    return int(parts[2]) - 1, column - 1


def name_table_cell(row: int, column: int) -> str:
    """Name a cell in a table without names of cells."""
    return f"row {row + 1}, column {column + 1}"


def parse_colour(rgb: str) -> str | None:
    """Parse the fill `rrggbb` as `#rrggbb`; None for white, black and greys, which are not ratings."""
    try:
        parts = [int(rgb[start : start + 2], 16) for start in (0, 2, 4)]
    except ValueError:
        return None
    return f"#{rgb.lower()}" if len(rgb) == 6 and max(parts) - min(parts) >= 24 else None


def is_similar_colour(one: str, other: str) -> bool:
    """Return whether two colours `rrggbb` look the same."""
    try:
        pairs = [(int(one[start : start + 2], 16), int(other[start : start + 2], 16)) for start in (0, 2, 4)]
    except ValueError:
        return False
    return all(abs(a - b) <= 16 for a, b in pairs)


def make_margin(sheet: str, source: str, text: str) -> Grid:
    """Make a grid of the lines of a header or footer of pages. All are stray: they belong to no cell."""
    lines = tuple((line,) for line in map(str.strip, text.split("\n")) if line)
    stray = {(number, 0): Note(source, line) for number, (line,) in enumerate(lines)}
    return Grid(sheet, lines, lambda row, _: f"{source.casefold()}, line {row + 1}", stray=stray)
