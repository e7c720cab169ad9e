"""How a value is written into a file that a spreadsheet program may open."""

from typing import Any

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""Spreadsheet programs run a text that begins so as a formula."""

SEPARATOR = " | "
"""Between the items of a list in one cell."""


def format_cell(value: Any) -> Any:
    """Join a list into one text, and put an apostrophe before a text that would be run as a formula."""
    if isinstance(value, list):
        value = SEPARATOR.join(map(str, value))
    if not isinstance(value, str):
        return value
    escaped = f"'{value}" if value.startswith(FORMULA_STARTS) else value
    # Some readers of CSV end the row at a carriage return.
    return escaped.replace("\r\n", "\n").replace("\r", "\n")


def format_guard(text: str) -> str:
    """Format the SQL expression that does with a text what `format_cell` does."""
    starts = " or ".join(f"starts_with({text}, chr({ord(start)}))" for start in FORMULA_STARTS)
    guarded = f"if({starts}, '''' || {text}, {text})"
    return f"replace(replace({guarded}, chr(13) || chr(10), chr(10)), chr(13), chr(10))"
