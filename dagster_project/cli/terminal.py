"""The consoles of the commands: one for results, one for errors and progress."""

import re
import shlex
import sys
import unicodedata
from collections.abc import Mapping
from typing import Annotated, Any

import typer
from rich import markup
from rich.console import Console
from rich.text import Text

WIDTH = None if sys.stdout.isatty() else 160
"""A pipe or a log has no width of its own."""

_COMMAND = re.compile(
    r"\bselfeval (?=(?:"
    r"run|check|round|decide|disclosure|releases|diff|rollback|sql|site|dev|health|purge|backup|restore)\b)"
)


class HintConsole(Console):
    """A console whose hints repeat `--home`, so that a printed command can be typed as it is."""

    home = ""

    def render_str(self, text: str, **options: Any) -> Text:
        """Render a text, with the home in the commands that it names."""
        if self.home:
            text = _COMMAND.sub(lambda _: f"selfeval --home {escape(shlex.quote(self.home))} ", text)
        return super().render_str(text, **options)


def repeat_in_hints(home: str) -> None:
    """Repeat `--home` with this folder in every printed command. Empty: it is set in the environment."""
    HintConsole.home = home


console = HintConsole(highlight=False, width=WIDTH)
errors = HintConsole(stderr=True, highlight=False, width=WIDTH)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for a program to read.")]

_UNPRINTABLE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def escape(text: str) -> str:
    """Escape the text of other people for a console: markup, and characters that steer a terminal."""
    return markup.escape("".join(map(_escape_character, text)))


def _escape_character(character: str) -> str:
    is_visible = character == "\n" or unicodedata.category(character) not in _UNPRINTABLE
    return character if is_visible else character.encode("unicode_escape").decode()


def refuse_port(port: int, error: OSError) -> typer.BadParameter:
    """Return the usage error for a port that cannot be used, such as one that another program uses."""
    return typer.BadParameter(
        f"Port {port} cannot be used ({error.strerror}). Choose another.", param_hint="--port"
    )


def print_fields(fields: Mapping[str, str]) -> None:
    """Print names and texts, a line each. The terminal wraps long lines: what is copied has no line break."""
    width = max(map(len, fields), default=0)
    for name, text in fields.items():
        lines = text.replace("\n", "\n" + " " * (width + 2))
        console.print(escape(f"{name:{width}}  {lines}"), soft_wrap=True)
