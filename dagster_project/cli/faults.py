"""Faults of the machine, such as a full disk, and their remedies. Faults of data or code are not among them."""

from typing import Any

import typer
from typer.core import TyperGroup

from dagster_project.cli.interrupts import INTERRUPTED
from dagster_project.cli.terminal import errors

_DAMAGED_BUILD = (
    "The build is damaged, and is made of the returns alone. Delete the folder `warehouse/build`, then run the same "
    "command again."
)

_UNWRITABLE_HISTORY = (
    "The history of runs cannot be written. Make the folder `warehouse/build` writable and see that the disk has room, "
    "then run the same command again."
)

REMEDIES = {
    "No space left on device": "The disk is full. Make room on it, then run the same command again.",
    "disk is full": "The disk is full. Make room on it, then run the same command again.",
    "Disk quota exceeded": "Your share of the disk is used up. Make room in it, then run the same command again.",
    "File too large": "Files may not grow as large as this one here. Raise the limit (`ulimit -f`), then run the "
    "same command again.",
    "Read-only file system": "The disk cannot be written to. Make it writable, or choose another folder with "
    "--home, then run the same command again.",
    "readonly database": "The disk cannot be written to. Make it writable, or choose another folder with --home, "
    "then run the same command again.",
    "Permission denied": "Let the user who runs this write in the folder, then run the same command again.",
    "unable to open database file": _UNWRITABLE_HISTORY,
    # SQLite reports a full disk this way when it cannot write its temporary files.
    "disk I/O error": _UNWRITABLE_HISTORY,
    "database disk image is malformed": "The history of runs is damaged, and nothing rests on it. Delete the folder "
    "`warehouse/build/dagster`, then run the same command again.",
    "not a valid DuckDB database file": _DAMAGED_BUILD,
    "Could not read enough bytes from file": _DAMAGED_BUILD,
    "Corrupt database file": _DAMAGED_BUILD,
}
"""Words in errors of the system, SQLite and DuckDB, and what to do about each."""


def find_remedy(message: str) -> str:
    """Return the remedy for an error message. Empty if the machine is not at fault."""
    return next((text for words, text in REMEDIES.items() if words in message), "")


def add_remedy(message: str) -> str:
    """Return the message, followed by what to do if the machine is at fault."""
    return f"{message.strip()}\n{find_remedy(message)}".strip()


def find_fault(error: BaseException | None) -> str:
    """Return the line of an exception, or of its causes, that names a fault of the machine. Empty if there is none.

    The lines after it are left out: they may contain the values that SQLite had to write.
    """
    while error is not None:
        for line in str(error).splitlines():
            if find_remedy(line):
                return line
        error = error.__cause__ or error.__context__
    return ""


class Commands(TyperGroup):
    """Commands that print a fault of the machine with its remedy instead of a traceback."""

    def invoke(self, ctx: typer.Context) -> Any:  # type: ignore[override]
        """Run the command; exit 1 if a fault of the machine stops it, and 130 if Ctrl-C does."""
        try:
            return super().invoke(ctx)
        except (KeyboardInterrupt, typer.Abort) as error:
            # A question that is answered with no or with the end of input is no Ctrl-C.
            if not isinstance(error, KeyboardInterrupt) and not isinstance(
                error.__context__, KeyboardInterrupt
            ):
                raise
            errors.print("Stopped.")
            raise typer.Exit(INTERRUPTED) from None
        except Exception as error:
            if not (fault := find_fault(error)):
                raise
            errors.print(add_remedy(fault), soft_wrap=True, markup=False)
            raise typer.Exit(1) from None
