"""What a committee puts into the template: the values that the writers print into a blank."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class FilledAnswer:
    """One answer as typed: any rating word, or None where the rating was left blank; comment may be empty."""

    question_no: int
    rating: str | None
    comment: str


@dataclass(frozen=True)
class FilledReturn:
    """One committee's template as completed; a question without an answer stays blank."""

    committee_name: str
    completed_on: date
    answers: tuple[FilledAnswer, ...]

    def answer(self, question_no: int) -> FilledAnswer:
        """The answer to one question, a blank one where there is none."""
        for answer in self.answers:
            if answer.question_no == question_no:
                return answer
        return FilledAnswer(question_no, None, "")
