"""What the readers need to know of a template: its version, its wordings, and which words are ratings."""

import csv
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from dagster_project.intake import labels
from dagster_project.intake.text import key, rating_key, remembered
from dagster_project.seeds import QuestionnaireError, load_questionnaire

_NUMBER = re.compile(r"(?:Q(?:uestion)?\s*)?(\d{1,3})\s*[.):]?", re.IGNORECASE)
_NUMBERED = re.compile(r"(?:Q(?:uestion)?\s*)?(\d{1,3})\s*[.):]?\s+(?=\S)", re.IGNORECASE)


class Wording(NamedTuple):
    """What the text in a column of questions says."""

    asked: int | None
    """The question whose wording it is."""
    number: int | None
    """The number that it begins with, or is."""
    is_part: bool
    """Whether it is the wording of a sub-question."""


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

    @cached_property
    def numbers(self) -> frozenset[int]:
        """All question numbers."""
        return frozenset(self.questions.values())

    @cached_property
    def is_rating(self) -> Callable[[str], bool]:
        """Whether a text is one of the words that are a rating."""
        words = frozenset(self.rating_words)
        return remembered(lambda text: rating_key(text) in words)

    @cached_property
    def wording(self) -> Callable[[str], Wording]:
        """What a text says that stands where questions do: the same few in every return."""
        parts = frozenset(self.sub_questions)

        def recognise(text: str) -> Wording:
            numbered = _NUMBERED.match(text)
            wording = key(text)
            asked = self.questions.get(wording)
            if asked is None and numbered:
                asked = self.questions.get(key(text[numbered.end() :]))
            number = _NUMBER.fullmatch(text) or numbered
            return Wording(asked, int(number[1]) if number else None, wording in parts)

        return remembered(recognise)

    @cached_property
    def cover_label(self) -> Callable[[str], str | None]:
        """The field of the cover that a short text is the label of."""
        names = {**labels.COVER_LABELS, **self.cover_fields}
        return remembered(lambda text: names.get(key(text)))

    def fingerprint(self) -> str:
        """Changes when a file could be read otherwise."""
        return sha256(repr(sorted(asdict(self).items())).encode()).hexdigest()[:8]


def _typed_number(text: str) -> int | None:
    found = _NUMBER.fullmatch(text.strip())
    return int(found[1]) if found else None


typed_number = remembered(_typed_number)
"""The number of a question as typed in a column of numbers."""


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
