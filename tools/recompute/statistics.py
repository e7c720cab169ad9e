"""Counts, ranks, groups and resamples of a round, computed from its answers in plain Python.

The ranking rule: rank the questions by number of green (most first) and by number of red (fewest first), add the two
ranks, and rank the sums. Ties share the best rank.
"""

import hashlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np

from tools.recompute.round import Round

COUNTED = ("green", "amber", "red")
Counts = dict[int, Counter[str]]
Ranks = dict[int, int]


def count_ratings(one: Round, members: set[str], *, estimated: bool = True) -> Counts:
    """Count ratings by question, with estimates or as reported; `blank` counts blank answers either way."""
    counts: Counts = {question: Counter() for question in range(1, one.questions + 1)}
    for name in members:
        for question, rating in one.answers[name].items():
            if rating is None:
                counts[question]["blank"] += 1
                rating = one.estimates.get((name, question)) if estimated else None
            if rating is not None:
                counts[question][rating] += 1
    return counts


def select_rated(counts: Counts) -> Counts:
    return {question: c for question, c in counts.items() if sum(c[rating] for rating in COUNTED)}


def rank_questions(counts: Counts, better: Callable[[Counter[str]], Any]) -> Ranks:
    """Rank the rated questions by standard competition ranking; a smaller key is better."""
    keys = {question: better(c) for question, c in select_rated(counts).items()}
    return {question: 1 + sum(key < own for key in keys.values()) for question, own in keys.items()}


def rank_by_sum(counts: Counts) -> tuple[Ranks, Ranks, Ranks, Ranks]:
    """Rank questions by green and by red; return both ranks, their sum, and its rank."""
    green, red = rank_questions(counts, lambda c: -c["green"]), rank_questions(counts, lambda c: c["red"])
    total = {question: green[question] + red[question] for question in green}
    return green, red, total, {q: 1 + sum(s < own for s in total.values()) for q, own in total.items()}


def sum_ratings(counts: Counter[str]) -> int:
    """Sum the ratings, without blank answers."""
    return sum(counts[rating] for rating in COUNTED)


def rank_shares(counts: Counts) -> Ranks:
    """Rank by the sum of the ranks by share of green and by share of red among the ratings."""
    green = rank_questions(counts, lambda c: -Fraction(c["green"], sum_ratings(c)))
    red = rank_questions(counts, lambda c: Fraction(c["red"], sum_ratings(c)))
    total = {q: green[q] + red[q] for q in green}
    return {q: 1 + sum(s < own for s in total.values()) for q, own in total.items()}


def rank_with_ties(counts: Counts, convention: str) -> Ranks:
    """Rank by the sum of two ranks that number ties by another convention."""

    def number_places(key: Callable[[Counter[str]], int]) -> dict[int, Fraction]:
        order = sorted(key(c) for c in select_rated(counts).values())
        steps = sorted(set(order))

        def number_value(value: int) -> Fraction:
            match convention:
                case "dense":
                    return Fraction(steps.index(value))
                case "modified":
                    return Fraction(len(order) - order[::-1].index(value))
            tied = [place for place, other in enumerate(order) if other == value]
            return Fraction(sum(tied), len(tied))

        return {question: number_value(key(c)) for question, c in select_rated(counts).items()}

    green, red = number_places(lambda c: -c["green"]), number_places(lambda c: c["red"])
    total = {q: green[q] + red[q] for q in green}
    return {q: 1 + sum(s < own for s in total.values()) for q, own in total.items()}


def group_questions(total: Ranks) -> dict[int, str]:
    """Cut at the two widest gaps, the more confident first among equals."""
    steps = sorted(set(total.values()))
    gaps = sorted(((b - a, -a, b) for a, b in pairwise(steps)), reverse=True)[:2]
    cuts = [at for _, _, at in gaps]
    names = {0: ["medium"], 1: ["high", "low"], 2: ["high", "medium", "low"]}[len(cuts)]
    return {question: names[sum(at <= s for at in cuts)] for question, s in total.items()}


def split_medium_group(total: Ranks, group: dict[int, str]) -> Ranks:
    """Split the medium group wherever a gap in it is as wide as its widest and at least 2."""
    inside = {q: s for q, s in total.items() if group[q] == "medium"}
    steps = sorted(set(inside.values()))
    widest = max((b - a for a, b in pairwise(steps)), default=0)
    cuts = [b for a, b in pairwise(steps) if b - a == widest >= 2]
    return {q: 1 + sum(at <= s for at in cuts) for q, s in inside.items()}


def format_label(rank: Ranks, question: int) -> str | None:
    """Format the place as the report prints it."""
    if question not in rank:
        return None
    own, tied = rank[question], list(rank.values()).count(rank[question])
    return str(len(rank) if tied > 1 and own + tied - 1 == len(rank) else own)


def choose_remark(counts: Counts, returns: int, group: dict[int, str], question: int) -> str | None:
    """Choose the comment of the rankings table, in the terms of Appendix B."""
    texts, c = [], counts[question]
    green, red, _, rank = rank_by_sum(counts)
    if question in rank:
        own = rank[question]
        amber = Fraction(c["amber"], returns)
        at_place = sorted(other["red"] for other in select_rated(counts).values())[own - 1]
        if group[question] == "low":
            if own - red[question] >= 3:
                high = amber >= Fraction(45, 100)
                texts.append(f"Low number red responses for this rank{'; high amber' if high else ''}.")
        elif red[question] - own >= 2:
            very = c["red"] - at_place >= Fraction(returns, 5) and amber <= Fraction(1, 5)
            high_red = "igh number red responses for this rank"
            texts.append(f"Very h{high_red}; very low amber." if very else f"H{high_red}.")
        elif green[question] - own >= 5:
            low_green = "ow number green responses for this rank"
            if amber >= Fraction(70, 100):
                texts.append(f"Very l{low_green}; very high amber.")
            else:
                high = amber >= Fraction(45, 100)
                texts.append(f"L{low_green}{'; high level amber' if high else ''}.")
    blank = c["blank"]
    if blank:
        words = ["One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten"]
        number = words[blank - 1] if blank <= 10 else str(blank)
        texts.append(f"{number} blank response{'s' if blank > 1 else ''}.")
    return " ".join(texts) or None


@cache
def _draw_number(*parts: object) -> int:
    """Draw a number of the resampling: the first 12 digits of a hash of the seed and what is drawn."""
    text = "/".join(["cpc", *map(str, parts)]).encode()
    return int(hashlib.md5(text, usedforsecurity=False).hexdigest()[:12], 16)


@dataclass(frozen=True)
class Resamples:
    """Sums of ranks and ranks of each question (columns) in each resample (rows), where it is rated."""

    is_rated: Any
    rank_sum: Any
    rank: Any

    def select(self, part: slice) -> "Resamples":
        """Select a part of the resamples."""
        return Resamples(self.is_rated[part], self.rank_sum[part], self.rank[part])

    def calculate_interval(self, question: int) -> tuple[int | None, int | None]:
        """Calculate the 5th and 95th percentile of the rank over the resamples that rate the question."""
        found = sorted(self.rank[self.is_rated[:, question - 1], question - 1])
        if not found:
            return None, None
        # The smallest rank that at least the given part of the resamples does not exceed.
        low, high = (-(-part * len(found) // 20) - 1 for part in (1, 19))
        return int(found[low]), int(found[high])

    def count_orders(self, question: int, other: int) -> tuple[int, int, int]:
        """Count the resamples in which the question ranks above, level with and below the other."""
        both = self.is_rated[:, question - 1] & self.is_rated[:, other - 1]
        difference = self.rank[both, question - 1] - self.rank[both, other - 1]
        return tuple(int(np.sum(np.sign(difference) == sign)) for sign in (-1, 0, 1))  # type: ignore[return-value]

    def group_questions(self) -> list[dict[int, str]]:
        """Return the confidence group of each rated question in each resample."""
        return [
            group_questions({int(at) + 1: int(sums[at]) for at in np.flatnonzero(rated)})
            for sums, rated in zip(self.rank_sum, self.is_rated, strict=True)
        ]


def _rank_weighted(one: Round, members: list[str], weights: Any) -> Resamples:
    questions = range(1, one.questions + 1)
    chosen = [[one.answers[m][q] or one.estimates.get((m, q)) for q in questions] for m in members]
    counts = {
        r: weights @ np.array([[own == r for own in row] for row in chosen], dtype=int) for r in COUNTED
    }
    is_rated = sum(counts.values()) > 0

    def rank_keys(key: Any) -> Any:
        better = (key[:, None, :] < key[:, :, None]) & is_rated[:, None, :]
        return 1 + better.sum(axis=2)

    total = rank_keys(-counts["green"]) + rank_keys(counts["red"])
    return Resamples(is_rated, total, rank_keys(total))


def draw_resamples(one: Round, resamples: int) -> Resamples:
    """Draw as many distinct returns as there are; identical returns are drawn together."""
    members = sorted(one.answers)
    owners = [one.duplicates.get(name, name) for name in members]
    distinct = sorted(set(owners))
    weights = np.zeros((resamples, len(members)), dtype=int)
    for number in range(resamples):
        times = Counter(distinct[_draw_number(number, draw) % len(distinct)] for draw in range(len(distinct)))
        weights[number] = [times[owner] for owner in owners]
    return _rank_weighted(one, members, weights)


def draw_missing(one: Round, resamples: int) -> Resamples | None:
    """Add to all returns a drawn one for each missing return. None if no return is missing."""
    members = sorted(one.answers)
    missing = len(one.consortium) - len(members)
    weights = np.ones((resamples, len(members)), dtype=int)
    for number in range(resamples):
        for draw in range(missing):
            weights[number, _draw_number("missing", number, draw) % len(members)] += 1
    return _rank_weighted(one, members, weights) if missing else None
