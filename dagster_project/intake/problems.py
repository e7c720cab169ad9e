"""Problems of a returned file as values: a bad file is a row of a table, not an exception."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from dagster_project.paths import REPOSITORY
from dagster_project.seeds import ProblemCode, load_problem_codes


@dataclass(frozen=True)
class Problem:
    """One problem at one place. `sheet` and `cell` are empty where it concerns the whole file."""

    code: str
    message: str
    sheet: str = ""
    cell: str = ""

    @property
    def kind(self) -> ProblemCode:
        """Severity, title and remedy of the code."""
        return list_problem_codes()[self.code]


class Rejected(Exception):
    """A file that cannot be read as a return. The exception ends its reading and becomes one of its problems."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.problem = Problem(code, message)


def reject_unsafe(reason: str) -> Rejected:
    """Create the rejection of a file that exceeds a limit, or that programs can read in different ways."""
    return Rejected("unsafe_file", f"The file was not opened: {reason}.")


@cache
def list_problem_codes() -> Mapping[str, ProblemCode]:
    """List all kinds of problems by code. They belong to the program: every home has the repository's."""
    return load_problem_codes(REPOSITORY / "dbt" / "seeds")
