"""The template of a round as the readers need it: version, wordings, rating words, labels of the cover."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from dagster_project.intake import labels
from dagster_project.intake.text import cache_short_texts, key_committee, key_rating, key_text
from dagster_project.seeds import Questionnaire, load_committee_names, load_questionnaire, load_rating_words


# Compared by identity, so that caches can use a template as key.
@dataclass(frozen=True, eq=False)
class Template:
    """One version of the questionnaire."""

    version: str
    questions: Mapping[str, int]
    """Question number by the key of its wording."""
    sub_questions: Mapping[str, tuple[int, ...]]
    """Numbers of the questions that have a sub-question, by the key of its wording."""
    rating_words: tuple[str, ...]
    """Keys of the words that are a rating. The models decide which rating each is."""
    references: Mapping[str, int] = field(default_factory=dict)
    """Question number by the key of its short reference."""
    headings: frozenset[str] = frozenset()
    """Keys of the titles of sections and of the headings between questions."""
    cover_fields: Mapping[str, str] = field(default_factory=dict)
    """Field of the cover by the key of its label."""
    committees: Mapping[str, str] = field(default_factory=dict)
    """Committee by the key of each name. Only for choosing a name; the models decide which committee it is."""

    @cached_property
    def numbers(self) -> frozenset[int]:
        """All question numbers."""
        return frozenset(self.questions.values())

    @cached_property
    def is_rating(self) -> Callable[[str], bool]:
        """Whether a text is one of the words that are a rating."""
        words = frozenset(self.rating_words)
        return cache_short_texts(lambda text: key_rating(text) in words)

    @cached_property
    def find_cover_label(self) -> Callable[[str], str | None]:
        """The field of the cover whose label a text is; None for any other text."""
        names = {**labels.COVER_LABELS, **self.cover_fields}
        return cache_short_texts(lambda text: names.get(key_text(text)))

    @cached_property
    def find_committee(self) -> Callable[[str], str | None]:
        """The committee whose name a text is, as far as its words show; None for any other text."""
        return cache_short_texts(lambda text: self.committees.get(key_committee(text)))

    def compute_fingerprint(self) -> str:
        """Compute a hash that changes with anything that readers use."""
        return sha256(json.dumps(asdict(self), sort_keys=True, default=sorted).encode()).hexdigest()[:8]


def load_template(seeds: Path, question_set: str) -> Template:
    """Load the template of a question set from the seeds. Raises `SeedError` where they are incomplete."""
    questionnaire = load_questionnaire(seeds, question_set)
    return Template(
        version=questionnaire.template_version,
        questions={key_text(question.text): question.number for question in questionnaire.questions},
        sub_questions=_index_sub_questions(questionnaire),
        rating_words=tuple(key_rating(word) for word in load_rating_words(seeds)),
        references={
            key_text(question.short_reference): question.number for question in questionnaire.questions
        },
        committees={
            key_committee(name): committee for name, committee in load_committee_names(seeds).items()
        },
        headings=frozenset(map(key_text, _list_headings(questionnaire))),
        cover_fields={key_text(one.label): one.field for one in questionnaire.cover_fields},
    )


def _list_headings(questionnaire: Questionnaire) -> Iterator[str]:
    for section in questionnaire.sections:
        yield section.title
        yield f"{section.number}. {section.title}"
        yield from (question.subheading for question in section.questions if question.subheading)


def _index_sub_questions(questionnaire: Questionnaire) -> dict[str, tuple[int, ...]]:
    found: dict[str, tuple[int, ...]] = {}
    for question in questionnaire.questions:
        for part in question.sub_questions:
            found[key_text(part.text)] = (*found.get(key_text(part.text), ()), question.number)
    return found
