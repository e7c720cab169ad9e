"""How a value is written into a cell that a spreadsheet program may open."""

from typing import Any

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""A text that begins so is run as a formula by spreadsheet programs."""

SEPARATOR = " | "
"""Between the items of a list in one cell."""


def plain(value: Any) -> Any:
    """A value as a cell holds it: a list becomes one text, and no text can be run as a formula."""
    if isinstance(value, list):
        value = SEPARATOR.join(map(str, value))
    if not isinstance(value, str):
        return value
    guarded = f"'{value}" if value.startswith(FORMULA_STARTS) else value
    # A lone carriage return would end the row for some readers of CSV, and Python would not quote it.
    return guarded.replace("\r\n", "\n").replace("\r", "\n")
