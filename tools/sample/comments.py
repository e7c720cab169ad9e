"""Assigns the invented comments to the returns so that the report's claims about comments are met."""

import random
from collections.abc import Iterable
from dataclasses import dataclass
from operator import eq, ge, gt, le, lt

from tools.sample.bank import CommentBankError, QuestionBank, Sentence
from tools.sample.claims import Claim, Committee, Subject
from tools.sample.model import RATINGS
from tools.sample.solve import SampleRatings

MOST_WORDS = 120
METRIC = "comments_on_topic:"
Place = tuple[str, int]

_COMPARE = {"=": eq, ">": gt, ">=": ge, "<": lt, "<=": le}
# Chance that the least talkative committee leaves a comment empty.
_SILENCE = 0.3
_MOST_FURTHER = 5
# Kinds of sentences that can follow an opening, by rating: none that implies an activity after red.
_FOLLOWS = {"green": ("more", "good"), "amber": ("more", "gap"), "red": ("gap",)}


@dataclass(frozen=True)
class Comments:
    """The comment by return and question where there is one, and the reason of each estimate."""

    by_place: dict[Place, Sentence]
    reasons: dict[Place, str]


def assign_comments(
    committees: list[Committee],
    sample: SampleRatings,
    bank: dict[int, QuestionBank],
    duplicates: list[tuple[str, str]],
    without_comment: dict[tuple[int, str], int],
    seed: int,
) -> Comments:
    """Assign a comment to each return and question, each sentence used once.

    A duplicate pair shares its comments. `without_comment` fixes the number of empty comments by question and
    rating. Elsewhere some of the less talkative committees leave comments empty. Raises `CommentBankError`
    where the bank has too little.
    """
    draw = random.Random(seed)  # invents, does not encrypt
    copies = {second: first for first, second in duplicates}
    in_pairs = {member for pair in duplicates for member in pair}
    talk = {committee.committee_id: draw.random() for committee in committees}
    by_place: dict[Place, Sentence] = {}
    reasons: dict[Place, str] = {}
    for question, sentences in bank.items():
        authors = [c for c in committees if c.committee_id not in copies]
        _assign_blanks(question, sentences, sample, by_place, reasons)
        _assign_specials(question, sentences, authors, in_pairs, sample, by_place, draw)
        further = {kind: draw.sample(row, len(row)) for kind, row in sentences.further.items()}
        for rating in RATINGS:
            silent = without_comment.get((question, rating))
            waiting = [
                c.committee_id
                for c in authors
                if sample.rating[c.committee_id, question] == rating
                and (c.committee_id, question) not in by_place
            ]
            waiting.sort(key=lambda committee: talk[committee] + draw.gauss(0, 0.25), reverse=True)
            openings = draw.sample(sentences.openings[rating], len(sentences.openings[rating]))
            openings.sort(key=lambda opening: not opening.topics)  # topics that the report counts come first
            if silent is None:
                shy = sum(draw.random() < _SILENCE * (1 - talk[committee]) for committee in waiting)
                silent = max(shy, len(waiting) - len(openings))
            speakers = len(waiting) - silent
            if speakers > len(openings) or speakers < 0:
                raise CommentBankError(f"Question {question} has too few {rating} comments in the bank.")
            for committee, opening in zip(waiting, openings[:speakers], strict=False):
                by_place[committee, question] = _extend_comment(
                    opening, [further[kind] for kind in _FOLLOWS[rating]], talk[committee], draw
                )
    for committee, original in copies.items():
        for question in bank:
            if (original, question) in by_place:
                by_place[committee, question] = by_place[original, question]
    return Comments(by_place, reasons)


def _assign_blanks(
    question: int,
    sentences: QuestionBank,
    sample: SampleRatings,
    by_place: dict[Place, Sentence],
    reasons: dict[Place, str],
) -> None:
    left = {rating: list(blanks) for rating, blanks in sentences.blanks.items()}
    for place in sorted(place for place in sample.blank if place[1] == question):
        rating = sample.rating[place]
        if not left.get(rating):
            raise CommentBankError(
                f"Question {question} has too few comments on a blank estimated as {rating}."
            )
        comment = left[rating].pop(0)
        by_place[place], reasons[place] = comment.sentence, comment.reason


def _assign_specials(
    question: int,
    sentences: QuestionBank,
    authors: list[Committee],
    in_pairs: set[str],
    sample: SampleRatings,
    by_place: dict[Place, Sentence],
    draw: random.Random,
) -> None:
    """Assign comments that fit the fewest returns first, so that each finds one."""

    def list_places(ratings: tuple[str, ...], consortium_code: str) -> list[Place]:
        return [
            (c.committee_id, question)
            for c in authors
            if c.committee_id not in in_pairs  # a duplicate would count twice
            and consortium_code in ("", c.consortium_code)
            and sample.rating[c.committee_id, question] in ratings
            and (c.committee_id, question) not in by_place
        ]

    specials = sorted(sentences.specials, key=lambda s: len(list_places(s.ratings, s.consortium_code)))
    for special in specials:
        places = list_places(special.ratings, special.consortium_code)
        if not places:
            raise CommentBankError(f"Question {question}: no return is left for '{special.sentence.text}'")
        by_place[draw.choice(places)] = special.sentence


def _extend_comment(
    opening: Sentence, pools: list[list[Sentence]], talkative: float, draw: random.Random
) -> Sentence:
    """Extend the opening by sentences, more for talkative committees; each is removed from its pool."""
    parts = [opening]
    for _ in range(_MOST_FURTHER):
        pool = draw.choice(pools)
        if pool and draw.random() < 0.05 + 0.5 * talkative:
            parts.append(pool.pop())
    while len(" ".join(part.text for part in parts).split()) > MOST_WORDS:
        parts.pop()
    topics = frozenset(topic for part in parts for topic in part.topics)
    return Sentence(" ".join(part.text for part in parts), topics)


def find_broken_claims(claims: Iterable[Claim], comments: Comments, ratings: dict[Place, str]) -> list[str]:
    """Find the claims about topics of comments that are not met, as text."""

    def count_returns(subject: Subject) -> int:
        topic = subject.metric.removeprefix(METRIC)
        return len(
            {
                committee
                for (committee, question), sentence in comments.by_place.items()
                if topic in sentence.topics
                and subject.question_no in (None, question)
                and subject.rating in ("", ratings[committee, question])
            }
        )

    broken = []
    for claim in claims:
        if not claim.left.metric.startswith(METRIC):
            continue
        number = count_returns(claim.left)
        other = count_returns(claim.right) if isinstance(claim.right, Subject) else claim.right
        if not _COMPARE[claim.comparison](number, other):
            topic = claim.left.metric.removeprefix(METRIC)
            broken.append(f"{claim.claim_id}: {topic} {number}, not {claim.comparison} {other}")
    return broken
