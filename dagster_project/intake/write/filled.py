"""What a committee puts into the template: the values that the writers print into a blank."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class FilledAnswer:
    """One answer as typed: any rating word, or None where the rating was left blank; comment may be empty."""

    question_no: int
    rating: str | None
    comment: str


@dataclass(frozen=True)
class FilledReturn:
    """One committee's template as completed, or with nothing but its name; what has no value stays blank."""

    committee_name: str
    completed_on: date | None = None
    answers: tuple[FilledAnswer, ...] = ()
    cover: Mapping[str, str] = field(default_factory=dict)
    """What stands in the further fields of the cover, by field."""

    def answer(self, question_no: int) -> FilledAnswer:
        """The answer to one question, a blank one where there is none."""
        for answer in self.answers:
            if answer.question_no == question_no:
                return answer
        return FilledAnswer(question_no, None, "")
