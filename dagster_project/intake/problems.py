"""What can be wrong with a returned file, as values: a bad file is a row in a table, not an exception.

The kinds are the seed `problem_codes`: one row each, for the readers, the models and the site.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal, cast

from dagster_project.paths import REPOSITORY

Severity = Literal["reject_return", "reject_answer", "inform"]


@dataclass(frozen=True)
class Kind:
    """A kind of problem: how bad it is and what its reader can do about it."""

    code: str
    severity: Severity
    title: str
    remedy: str


@dataclass(frozen=True)
class Problem:
    """One problem at one place. `sheet` and `cell` are empty where the whole file is meant."""

    code: str
    message: str
    sheet: str = ""
    cell: str = ""

    @property
    def kind(self) -> Kind:
        """The kind that the code stands for."""
        return kinds()[self.code]


class Rejected(Exception):
    """A file that is no return. It ends the reading of this file and becomes one of its problems."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.problem = Problem(code, message)


@cache
def kinds() -> Mapping[str, Kind]:
    """All kinds by code. They belong to the program, so every home has the repository's."""
    path = REPOSITORY / "dbt" / "seeds" / "problem_codes.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return {
            row["code"]: Kind(row["code"], cast(Severity, row["severity"]), row["title"], row["remedy"])
            for row in csv.DictReader(file)
        }
