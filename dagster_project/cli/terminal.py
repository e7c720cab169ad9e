"""The consoles of the commands: one for results, one for errors and progress."""

import sys
import unicodedata
from typing import Annotated

import typer
from rich import markup
from rich.console import Console

WIDTH = None if sys.stdout.isatty() else 160
"""A pipe or a log has no width of its own."""

console = Console(highlight=False, width=WIDTH)
errors = Console(stderr=True, highlight=False, width=WIDTH)

_UNPRINTABLE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for a program to read.")]


def escape(text: str) -> str:
    """Text of other people for a console: without markup, and with characters that steer a terminal as escapes."""
    return markup.escape("".join(map(_escape_character, text)))


def _escape_character(character: str) -> str:
    is_visible = character == "\n" or unicodedata.category(character) not in _UNPRINTABLE
    return character if is_visible else character.encode("unicode_escape").decode()
