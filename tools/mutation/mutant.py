"""A small change to one file, what was found of it, and which changes a person has found to change nothing."""

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
    """`spans` of the file (start, stop) and what each becomes, where `{n}` stands for what the n-th span held."""

    path: str
    line: int
    column: int
    operator: str
    spans: tuple[tuple[int, int], ...]
    become: tuple[str, ...]

    @property
    def change(self) -> str:
        """What was changed, in one line."""
        source = (REPOSITORY / self.path).read_text(encoding="utf-8")
        held = [" ".join(source[start:stop].split()) for start, stop in self.spans]
        return " and ".join(
            f"{old or 'nothing'} → {new.format(*held).strip() or 'nothing'}"
            for old, new in zip(held, self.become, strict=True)
            if old != new.format(*held)
        )

    @property
    def text(self) -> str:
        """The line as it stands in the source."""
        return _lines(self.path)[self.line - 1].strip()

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column} {self.change}"


@dataclass(frozen=True)
class Verdict:
    """`outcome`: `caught` by a judge, `survived`, or `invalid` where the change does not even run."""

    mutant: Mutant
    outcome: str
    judge: str = ""
    seconds: float = 0.0

    def as_row(self) -> dict[str, object]:
        """For a program to read."""
        one = self.mutant
        return {
            "file": one.path, "line": one.line, "column": one.column, "text": one.text, "change": one.change,
            "operator": one.operator, "outcome": self.outcome, "judge": self.judge, "cpu_seconds": self.seconds,
        }  # fmt: skip


@cache
def _lines(path: str) -> list[str]:
    return (REPOSITORY / path).read_text(encoding="utf-8").splitlines()


def at(source: str, offset: int) -> tuple[int, int]:
    """Line and column of a place, each from 1."""
    return source.count("\n", 0, offset) + 1, offset - source.rfind("\n", 0, offset)


def changed(source: str, mutant: Mutant) -> str:
    """The source with the change made."""
    held = [source[start:stop] for start, stop in mutant.spans]
    (start, stop), *inner = mutant.spans
    if inner and inner[0][0] < stop:  # what is kept lies within what goes
        return source[:start] + mutant.become[0].format(*held) + source[stop:]
    for (start, stop), become in sorted(zip(mutant.spans, mutant.become, strict=True), reverse=True):
        source = source[:start] + become.format(*held) + source[stop:]
    return source


def equivalents(mutants: Sequence[Mutant]) -> dict[Mutant, str]:
    """The mutants that a person has found to change nothing, with the reason.

    An entry names file, line and change as they are shown; `nth` picks one where a line has several such changes.
    Raises `LookupError` for an entry that fits none of the mutants of its file.
    """
    known: dict[Mutant, str] = {}
    files = {one.path for one in mutants}
    for entry in yaml.safe_load(EQUIVALENT.read_text(encoding="utf-8")) or ():
        if entry["file"] not in files:
            continue
        fits = [one for one in mutants if _fits(one, entry)]
        if "nth" in entry:
            fits = fits[entry["nth"] - 1 : entry["nth"]]
        if not fits:
            raise LookupError(f"{EQUIVALENT.name}: nothing fits {json.dumps(entry, ensure_ascii=False)}")
        known |= dict.fromkeys(fits, entry["reason"])
    return known


def _fits(one: Mutant, entry: dict[str, Any]) -> bool:
    return (one.path, one.text, one.change) == (entry["file"], entry["line"], entry["change"])


def share_caught(verdicts: Iterable[Verdict]) -> float:
    """Of the mutants that run, those that a judge has noticed."""
    counted = [one.outcome == "caught" for one in verdicts if one.outcome != "invalid"]
    return sum(counted) / len(counted) if counted else 1.0
