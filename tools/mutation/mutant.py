"""A small change to one file, its verdict, and the changes that a person has found to have no effect."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from dagster_project.paths import REPOSITORY

EQUIVALENT = Path(__file__).with_name("equivalent.yml")


@dataclass(frozen=True)
class Mutant:
    """`spans` of the file (start, stop) and their replacements, where `{n}` is the text of the n-th span."""

    path: str
    line: int
    column: int
    operator: str
    spans: tuple[tuple[int, int], ...]
    replacements: tuple[str, ...]

    @property
    def change(self) -> str:
        """The change in one line."""
        source = (REPOSITORY / self.path).read_text(encoding="utf-8")
        texts = [" ".join(source[start:stop].split()) for start, stop in self.spans]
        return " and ".join(
            f"{old or 'nothing'} → {new.format(*texts).strip() or 'nothing'}"
            for old, new in zip(texts, self.replacements, strict=True)
            if old != new.format(*texts)
        )

    @property
    def text(self) -> str:
        """The line of the source."""
        return read_lines(self.path)[self.line - 1].strip()

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column} {self.change}"


@dataclass(frozen=True)
class Verdict:
    """`outcome`: `caught` by a test, `survived`, or `invalid` where the change does not run."""

    mutant: Mutant
    outcome: str
    test: str = ""
    seconds: float = 0.0

    def to_row(self) -> dict[str, object]:
        """Convert the verdict to a row for a program to read."""
        one = self.mutant
        return {
            "file": one.path, "line": one.line, "column": one.column, "text": one.text, "change": one.change,
            "operator": one.operator, "outcome": self.outcome, "test": self.test, "seconds": self.seconds,
        }  # fmt: skip


@cache
def read_lines(path: str) -> list[str]:
    """Read the lines of a file of the repository."""
    return (REPOSITORY / path).read_text(encoding="utf-8").splitlines()


def find_position(source: str, offset: int) -> tuple[int, int]:
    """Find the line and column of an offset, each from 1."""
    return source.count("\n", 0, offset) + 1, offset - source.rfind("\n", 0, offset)


def change_source(source: str, mutant: Mutant) -> str:
    """Return the source with the change of a mutant."""
    texts = [source[start:stop] for start, stop in mutant.spans]
    (start, stop), *inner = mutant.spans
    if inner and inner[0][0] < stop:  # the second span is inside the first and remains
        return source[:start] + mutant.replacements[0].format(*texts) + source[stop:]
    for (start, stop), new in sorted(zip(mutant.spans, mutant.replacements, strict=True), reverse=True):
        source = source[:start] + new.format(*texts) + source[stop:]
    return source


def load_equivalents(mutants: Sequence[Mutant]) -> dict[Mutant, str]:
    """Load the mutants that a person has found to have no effect, with the reason.

    An entry has file, line and change as `make mutants` prints them; `nth` selects one of several such changes in a
    line. Raises `LookupError` for an entry that matches no mutant of its file.
    """
    equivalent: dict[Mutant, str] = {}
    files = {one.path for one in mutants}
    for entry in yaml.safe_load(EQUIVALENT.read_text(encoding="utf-8")) or ():
        if entry["file"] not in files:
            continue
        matching = [one for one in mutants if is_described(one, entry)]
        if "nth" in entry:
            matching = matching[entry["nth"] - 1 : entry["nth"]]
        if not matching:
            raise LookupError(f"{EQUIVALENT.name}: no mutant matches {json.dumps(entry, ensure_ascii=False)}")
        equivalent |= dict.fromkeys(matching, entry["reason"])
    return equivalent


def is_described(mutant: Mutant, entry: dict[str, Any]) -> bool:
    """Return whether an entry describes a mutant."""
    return (mutant.path, mutant.text, mutant.change) == (entry["file"], entry["line"], entry["change"])


def calculate_share_caught(verdicts: Iterable[Verdict]) -> float:
    """Calculate the share of caught mutants among those that run."""
    counted = [one.outcome == "caught" for one in verdicts if one.outcome != "invalid"]
    return sum(counted) / len(counted) if counted else 1.0
