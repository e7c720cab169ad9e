"""Which question a row asks: by its wording where that is recognised with confidence, else by its number."""

import re
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz, process

from dagster_project.intake.interpret.columns import parse_number
from dagster_project.intake.template import Template
from dagster_project.intake.text import cache_short_texts, key_text

MIN_COVERAGE = 0.85
"""Share of a text's words that a wording must contain to be recognised, as in an abridged wording."""

MIN_LEAD = 0.2
"""Minimum lead of the share over that of every other wording of the set."""

MIN_WORD_SIMILARITY = 85
"""Similarity (0 to 100) from which two words count as the same: a typing error, or a plural."""

MIN_WORDS = 3
"""Words that a text must have to be compared; shorter texts are recognised only if identical."""

_LEADING_NUMBER = re.compile(r"(?:Q(?:uestion)?\s*)?(\d{1,3})\s*[.):]?\s+(?=\S)", re.IGNORECASE)
_COMMON = frozenset(
    [
        *(
            "a",
            "an",
            "and",
            "any",
            "are",
            "as",
            "at",
            "been",
            "by",
            "cpc",
            "committee",
            "cse",
            "csa",
            "do",
            "does",
        ),
        *(
            "for",
            "has",
            "have",
            "in",
            "is",
            "of",
            "on",
            "or",
            "the",
            "their",
            "to",
            "with",
            "within",
            "your",
            "you",
        ),
    ]
)
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Wording:
    """What a text in the column of questions asks."""

    question: int | None = None
    """The question whose wording it is; None where none is recognised with confidence."""
    part_of: tuple[int, ...] = ()
    """The questions of which it is a sub-question."""
    leading_number: int | None = None
    """The number that the text begins with, or is."""
    rest: str = ""
    """Text below the wording, typed by the sender."""


class WordingMatcher:
    """Recognises the wordings of one template."""

    def __init__(self, template: Template) -> None:
        self._template = template
        self._words = {
            question: _list_significant_words(wording) for wording, question in template.questions.items()
        }
        self.match = cache_short_texts(self._match)
        """The `Wording` of a text. Wordings come again in every return."""

    def _match(self, text: str) -> Wording:
        if not text:
            return Wording()
        numbered = _LEADING_NUMBER.match(text)
        number = parse_number(text)
        leading = number[0] if number else int(numbered[1]) if numbered else None
        lines = text.split("\n")
        for count in range(len(lines), 0, -1):
            head = "\n".join(lines[:count])
            rest = "\n".join(lines[count:]).strip()
            question = self._find_exact(head)
            if question is None and (part := self._template.sub_questions.get(key_text(head))):
                return Wording(part_of=part, leading_number=leading, rest=rest)
            if question is not None:
                return Wording(question, leading_number=leading, rest=rest)
        return Wording(self._find_similar(text), leading_number=leading)

    def _find_exact(self, text: str) -> int | None:
        numbered = _LEADING_NUMBER.match(text)
        for one in (text, text[numbered.end() :] if numbered else ""):
            found = self._template.questions.get(key_text(one)) or self._template.references.get(
                key_text(one)
            )
            if found is not None:
                return found
        return None

    def _find_similar(self, text: str) -> int | None:
        """Find the question whose wording, and no other, contains nearly all words of a text; else None."""
        typed = _list_significant_words(key_text(text))
        if len(typed) < MIN_WORDS:
            return None
        shares: dict[int, float] = {}
        for question, words in self._words.items():
            shares[question] = sum(_has_word(words, word) for word in typed) / len(typed)
        (question, share), *others = sorted(shares.items(), key=lambda item: -item[1])
        second = others[0][1] if others else 0.0
        return question if share >= MIN_COVERAGE and share - second >= MIN_LEAD else None


@lru_cache(maxsize=8)
def build_matcher(template: Template) -> WordingMatcher:
    """Build the matcher of a template, once in each process."""
    return WordingMatcher(template)


def _list_significant_words(text: str) -> list[str]:
    return [word for word in dict.fromkeys(_WORD.findall(text)) if word not in _COMMON]


def _has_word(words: list[str], word: str) -> bool:
    return (
        word in words
        or process.extractOne(word, words, scorer=fuzz.ratio, score_cutoff=MIN_WORD_SIMILARITY) is not None
    )
