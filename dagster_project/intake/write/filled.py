"""Values that a committee fills into the template."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class FilledAnswer:
    """One answer as typed. `rating` is any word, or None for a blank; the comment can be empty."""

    question_no: int
    rating: str | None
    comment: str


@dataclass(frozen=True)
class FilledReturn:
    """The values of one template. Everything without a value is left blank."""

    committee_name: str = ""
    completed_on: date | None = None
    answers: tuple[FilledAnswer, ...] = ()
    cover: Mapping[str, str] = field(default_factory=dict)
    """Values of the cover's additional fields, by field."""

    def find_answer(self, question_no: int) -> FilledAnswer:
        """Find the answer to one question, or create a blank one."""
        for answer in self.answers:
            if answer.question_no == question_no:
                return answer
        return FilledAnswer(question_no, None, "")
