"""What every reader makes of a file: plain grids of text, and where each cell stands."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

Place = tuple[int, int]
"""Row and column within a grid's rows, from 0."""

_CELL = re.compile(r"([A-Za-z]{1,3})([1-9]\d{0,6})", re.ASCII)


@dataclass
class Marks:
    """What a person sees in a cell besides text, by place."""

    colours: dict[Place, str] = field(default_factory=dict)
    """Fill as `#rrggbb`, where it is no shade of grey."""
    unvalued: dict[Place, str] = field(default_factory=dict)
    """Cells that hold something whose text is not in the file, and what it is."""


@dataclass(frozen=True)
class Note:
    """Text that is attached to a cell or a sheet instead of typed into a cell."""

    source: str
    """What holds the text, such as `Cell note` or `Text box`."""
    text: str


@dataclass(frozen=True)
class Grid:
    """A sheet or a table. `rows` holds text as typed; `cell_name` says where a row and column stand."""

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
    may_lack_values: bool = True
    """Whether a cell without text can hold something all the same; false spares looking."""
    look: Callable[[], Marks] = Marks
    """Reads the marks: asked for only where text is missing."""

    def at(self, row: int, column: int) -> str:
        """Name of the cell at these positions within `rows`, as its reader would look for it."""
        return self.cell_name(self.first_row + row, self.first_column + column)


@lru_cache(maxsize=4_096)
def spreadsheet_cell(row: int, column: int) -> str:
    """Name of a cell in a sheet, such as `C5` for row 4 and column 2."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row + 1}"


def place_in_sheet(name: str) -> Place:
    """Row and column of the cell of that name, from 0: `(4, 2)` for `C5`. Raises `ValueError` where it names none."""
    parts = _CELL.fullmatch(name)
    if not parts:
        raise ValueError("a cell has no name that a cell can have")
    column = 0
    for letter in parts[1].upper():
        column = 26 * column + ord(letter) - ord("A") + 1
    return int(parts[2]) - 1, column - 1


def table_cell(row: int, column: int) -> str:
    """Name of a cell in a table that prints no names of its own."""
    return f"row {row + 1}, column {column + 1}"


def colour(rgb: str) -> str | None:
    """The fill `rrggbb` as `#rrggbb`; None for white, black and greys, which mean nothing."""
    try:
        parts = [int(rgb[start : start + 2], 16) for start in (0, 2, 4)]
    except ValueError:
        return None
    return f"#{rgb.lower()}" if len(rgb) == 6 and max(parts) - min(parts) >= 24 else None
