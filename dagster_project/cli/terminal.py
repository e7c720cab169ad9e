"""The consoles of the commands: one for results, one for errors and progress."""

import sys
from typing import Annotated

import typer
from rich.console import Console

WIDTH = None if sys.stdout.isatty() else 160
"""A pipe or a log has no width of its own."""

console = Console(highlight=False, width=WIDTH)
errors = Console(stderr=True, highlight=False, width=WIDTH)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for a program to read.")]
