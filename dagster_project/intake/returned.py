"""The answers and problems of one returned file, and their line of JSON."""

from dataclasses import dataclass, field
from pathlib import Path

import orjson

from dagster_project.intake.folder import get_suffix
from dagster_project.intake.formats.properties import Properties
from dagster_project.intake.problems import Problem


@dataclass(slots=True)
class Answer:
    """One question as answered: text as typed, empty where nothing was typed. `rating_colour` is `#rrggbb`."""

    question_no: int
    sheet: str
    cell: str
    question_typed: str
    rating_typed: str
    comment_typed: str
    rating_colour: str = ""

    @property
    def is_blank(self) -> bool:
        """Whether nothing at all was answered."""
        return not (self.rating_typed or self.comment_typed or self.rating_colour)

    def has_equal_content(self, other: "Answer") -> bool:
        """Return whether rating, comment and colour are equal."""
        mine = (self.rating_typed, self.comment_typed, self.rating_colour)
        return mine == (other.rating_typed, other.comment_typed, other.rating_colour)


@dataclass
class ReadReturn:
    """The content of a file. `cover` has the typed value by label of the template.

    `sha256` and `reader` are empty where the file could not be opened or has an unknown format.
    """

    cover: dict[str, str] = field(default_factory=dict)
    answers: list[Answer] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    properties: Properties = field(default_factory=Properties)
    size_bytes: int = 0
    sha256: str = ""
    reader: str = ""

    @property
    def is_rejected(self) -> bool:
        """Whether a problem rejects the whole file."""
        return any(problem.kind.severity == "reject_return" for problem in self.problems)

    def to_line(self, name: str, path: Path) -> bytes:
        """Convert the content to a line of JSON. `name` is the file's name in the raw tables."""
        content = {
            "name": name,
            "format": read_format(path),
            "status": "rejected" if self.is_rejected else "read",
            "size_bytes": self.size_bytes,
            "sha256": self.sha256,
            "reader": self.reader,
            "cover": self.cover,
            "properties": vars(self.properties),
            # By column: a list of objects would repeat each name for every answer.
            "answers": {
                "question_no": [answer.question_no for answer in self.answers],
                "sheet": [answer.sheet for answer in self.answers],
                "cell": [answer.cell for answer in self.answers],
                "question_typed": [answer.question_typed for answer in self.answers],
                "rating_typed": [answer.rating_typed for answer in self.answers],
                "comment_typed": [answer.comment_typed for answer in self.answers],
                "rating_colour": [answer.rating_colour for answer in self.answers],
            },
            "problems": [
                vars(problem) | {"severity": problem.kind.severity, "remedy": problem.kind.remedy}
                for problem in self.problems
            ],
        }
        return orjson.dumps(content, option=orjson.OPT_APPEND_NEWLINE)


def read_format(path: Path) -> str:
    """Read the suffix of a file's name in lower case, without the dot."""
    return get_suffix(path.name).lstrip(".")
