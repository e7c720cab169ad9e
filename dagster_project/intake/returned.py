"""What reading a file yields, as values that pass between processes."""

from dataclasses import dataclass, field
from pathlib import Path

import orjson

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

    def says_the_same(self, other: "Answer") -> bool:
        """Whether the two answer alike, wherever they stand."""
        mine = (self.rating_typed, self.comment_typed, self.rating_colour)
        return mine == (other.rating_typed, other.comment_typed, other.rating_colour)


@dataclass
class ReadReturn:
    """What a file holds. `cover` maps a label of the template to what was typed beside it.

    `sha256` and `reader` are empty where the file could not be opened, or was not of a format that is read.
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
        """Whether nothing of the file can be loaded."""
        return any(problem.kind.severity == "reject_return" for problem in self.problems)

    def as_line(self, name: str, path: Path) -> bytes:
        """One line of JSON, under the name by which the file is to be known."""
        content = {
            "name": name,
            "format": format_name(path),
            "status": "rejected" if self.is_rejected else "read",
            "size_bytes": self.size_bytes,
            "sha256": self.sha256,
            "reader": self.reader,
            "cover": self.cover,
            "properties": vars(self.properties),
            # By column, because that is how they are landed, and no name is said for each of them.
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


def format_name(path: Path) -> str:
    """The ending of a file's name in lower case, without its stop."""
    return path.suffix.lower().lstrip(".").encode("utf-8", "backslashreplace").decode()
