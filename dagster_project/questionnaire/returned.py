"""What reading a file yields, as values that pass between processes."""

from dataclasses import asdict, dataclass, field
from typing import Any

from dagster_project.questionnaire.problems import Problem
from dagster_project.questionnaire.properties import Properties


@dataclass
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
    """What a file holds. `cover` maps a label of the template to what was typed beside it."""

    cover: dict[str, str] = field(default_factory=dict)
    answers: list[Answer] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    properties: Properties = field(default_factory=Properties)

    @property
    def is_rejected(self) -> bool:
        """Whether nothing of the file can be loaded."""
        return any(problem.kind.severity == "reject_return" for problem in self.problems)

    def as_json(self) -> dict[str, Any]:
        """For another process."""
        return {
            "cover": self.cover,
            "answers": [vars(answer) for answer in self.answers],
            "problems": [vars(problem) for problem in self.problems],
            "properties": asdict(self.properties),
        }

    @classmethod
    def from_json(cls, content: dict[str, Any]) -> "ReadReturn":
        """From another process."""
        return cls(
            cover=content["cover"],
            answers=[Answer(**answer) for answer in content["answers"]],
            problems=[Problem(**problem) for problem in content["problems"]],
            properties=Properties(**content["properties"]),
        )
