"""What the readers need to know of a template: its version, its wordings, and which words are ratings."""

import csv
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from dagster_project.questionnaire.definition import QuestionnaireError, load_questionnaire
from dagster_project.questionnaire.text import key, rating_key


@dataclass(frozen=True)
class Template:
    """One version of the questionnaire, as much of it as a process that only reads must know."""

    version: str
    questions: Mapping[str, int]
    """Question number by the key of its wording."""
    sub_questions: tuple[str, ...]
    """Keys of the wordings of sub-questions."""
    rating_words: tuple[str, ...]
    """Keys of the words that are a rating; which rating each is, the models know."""
    cover_fields: Mapping[str, str] = field(default_factory=dict)
    """Field of the cover by the key of the label that this template gives it."""

    @property
    def numbers(self) -> frozenset[int]:
        """All question numbers."""
        return frozenset(self.questions.values())

    def as_json(self) -> dict[str, Any]:
        """For another process."""
        return asdict(self)

    def fingerprint(self) -> str:
        """Changes when a file could be read otherwise."""
        return sha256(repr(sorted(self.as_json().items())).encode()).hexdigest()[:8]


def load_template(seeds: Path, question_set: str) -> Template:
    """Read the template of a question set from the seeds. Raises `QuestionnaireError` where they are incomplete."""
    questionnaire = load_questionnaire(seeds, question_set)
    path = seeds / "rating_words.csv"
    if not path.is_file():
        raise QuestionnaireError(f"rating_words.csv is missing in {seeds}.")
    with path.open(encoding="utf-8", newline="") as file:
        words = tuple(rating_key(row["word"]) for row in csv.DictReader(file))
    return Template(
        version=questionnaire.template_version,
        questions={key(question.text): question.number for question in questionnaire.questions},
        sub_questions=tuple(
            key(part.text) for question in questionnaire.questions for part in question.sub_questions
        ),
        rating_words=words,
        cover_fields={key(one.label): one.field for one in questionnaire.cover_fields},
    )
