"""The bank of invented comments, `comments.yml`. `comments.py` assigns them to committees."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

BANK = Path(__file__).with_name("comments.yml")
_TAG = re.compile(r"\s*\[([a-z0-9-]+)\]\s*$")


class CommentBankError(ValueError):
    """The bank has too few comments for the round. The message names question, rating or topic."""


@dataclass(frozen=True)
class Sentence:
    """A text of one or more sentences and its topics."""

    text: str
    topics: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Special:
    """A whole comment that the report describes, for one return with one of `ratings`."""

    sentence: Sentence
    ratings: tuple[str, ...]
    consortium_code: str = ""


@dataclass(frozen=True)
class BlankComment:
    """A comment on a blank rating, and the reason for the estimate."""

    sentence: Sentence
    reason: str


@dataclass(frozen=True)
class QuestionBank:
    """All sentences of one question; openings and blanks by rating, further sentences by kind."""

    openings: dict[str, list[Sentence]]
    further: dict[str, list[Sentence]]
    specials: list[Special] = field(default_factory=list)
    blanks: dict[str, list[BlankComment]] = field(default_factory=dict)


def load_bank(path: Path = BANK) -> dict[int, QuestionBank]:
    """Load the bank by question number. Raises `CommentBankError` where a sentence occurs twice."""
    content: dict[int, dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    bank = {number: _parse_question(entry) for number, entry in content.items()}
    for number, question in bank.items():
        texts = [
            s.text for group in (question.openings, question.further) for row in group.values() for s in row
        ]
        texts += [special.sentence.text for special in question.specials]
        twice = {text for text in texts if texts.count(text) > 1}
        if twice:
            raise CommentBankError(f"Question {number} has a sentence twice: {sorted(twice)}.")
    return bank


def _parse_question(entry: dict[str, Any]) -> QuestionBank:
    return QuestionBank(
        openings={
            rating: [_parse_sentence(t) for t in entry.get(rating, [])]
            for rating in ("green", "amber", "red")
        },
        further={kind: [_parse_sentence(t) for t in entry.get(kind, [])] for kind in ("more", "good", "gap")},
        specials=[
            Special(
                sentence=Sentence(special["text"], frozenset([special["topic"], *special.get("topics", [])])),
                ratings=tuple(special["ratings"]),
                consortium_code=special.get("consortium", ""),
            )
            for special in entry.get("special", [])
        ],
        blanks={
            rating: [BlankComment(_parse_sentence(blank["text"]), blank["reason"]) for blank in blanks]
            for rating, blanks in entry.get("blank", {}).items()
        },
    )


def _parse_sentence(text: str) -> Sentence:
    topics = set()
    while match := _TAG.search(text):
        topics.add(match.group(1))
        text = text[: match.start()]
    return Sentence(text, frozenset(topics))
