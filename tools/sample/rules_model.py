"""The national counts of one round as variables, and the report's figures on them and on the order.

The model is smaller than that of single ratings, so that many ranking rules can be tried. The rules are in
`rules_candidates.py`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from operator import eq, ge, gt, le, lt
from pathlib import Path
from typing import Any

from ortools.sat.python import cp_model

from dagster_project.seeds import read_seed
from tools.sample import ranking
from tools.sample.claims import Claim, Subject, load_claims
from tools.sample.model import RATINGS, Expression, Literal, RatingModel, sum_terms

# Green, amber and red by question.
Counts = dict[int, tuple[int, int, int]]

_COMPARISONS: dict[str, Callable[[Any, Any], Any]] = {"=": eq, ">": gt, ">=": ge, "<": lt, "<=": le}


@dataclass(frozen=True)
class Figures:
    """The report's figures on all returns: the hard claims on counts, ranks, remarks and groups.

    `place` is the printed rank, with a tie at its lowest number; `order` has the questions from first to last, ties
    next to each other.
    """

    returns: int
    order: tuple[int, ...]
    place: dict[int, int]
    counts: tuple[Claim, ...]
    remarks: dict[int, str]
    groups: dict[int, str]


def load_figures(seeds: Path, round_id: str) -> Figures:
    """Load the figures of one round from the seed of claims.

    Raises `KeyError` where it has no number of returns.
    """
    hard = {row["claim_id"] for row in read_seed(seeds, "claims") if row["is_hard"] == "true"}
    claims = [
        claim
        for claim in load_claims(seeds, round_id)
        if claim.claim_id in hard and not claim.left.consortium_code
    ]
    stated = {
        metric: {c.left.question_no: str(c.right) for c in claims if c.left.metric == metric}
        for metric in ("returns", "report_label", "ranking_comment", "confidence_group")
    }
    label = {question: int(text) for question, text in stated["report_label"].items() if question is not None}
    order = tuple(sorted(label, key=lambda question: (label[question], question)))
    return Figures(
        returns=int(stated["returns"][None]),
        order=order,
        place={q: 1 + sum(other < label[q] for other in label.values()) for q in order},
        counts=tuple(c for c in claims if c.left.metric in _COUNTED),
        remarks={q: text for q, text in stated["ranking_comment"].items() if q is not None},
        groups={q: text for q, text in stated["confidence_group"].items() if q is not None},
    )


class CountModel(RatingModel):
    """One variable per question and rating: the number of returns. They add up to all returns.

    The rank of a question is the printed one: a rule must give it, and the remarks refer to it.
    """

    def __init__(self, figures: Figures) -> None:
        super().__init__([], list(figures.order))
        self.figures = figures
        self.rank_densely = cache(self._rank_densely)
        self.rank_by_value = cache(self._rank_by_value)
        for question in self.questions:
            self.cp.add(
                sum_terms(self.count_ratings(question, rating) for rating in RATINGS) == figures.returns
            )
        for claim in figures.counts:
            _COUNTED[claim.left.metric](self, claim)

    def count_returns(self, consortium_code: str = "") -> int:  # noqa: ARG002 - as in the parent
        """Count all returns: the model has no consortia."""
        return self.figures.returns

    def count_blanks(self, question: int) -> Expression:
        """Count ratings left blank: they have estimates, which the counts include."""
        return self.cp.new_int_var(0, self.figures.returns, f"blank {question}")

    def _count_ratings(self, question: int, rating: str, consortium_code: str = "") -> Literal:  # noqa: ARG002
        return self.cp.new_int_var(0, self.figures.returns, f"count {question} {rating}")

    def _rank_confidence(self, question: int) -> Literal:
        return self.cp.new_constant(self.figures.place[question])

    def _rank_densely(self, rating: str, most_first: bool) -> dict[int, Expression]:
        """Return 1 + the number of different better counts of the rating, by question."""
        values = range(self.figures.returns + 1)
        used = []
        for value in values:
            here = [self.is_equal(self.count_ratings(question, rating), value) for question in self.questions]
            literal = self.cp.new_bool_var("")
            self.cp.add_max_equality(literal, here)
            used.append(literal)
        better = [sum_terms(used[value + 1 :] if most_first else used[:value]) for value in values]
        ranks: dict[int, Expression] = {}
        for question in self.questions:
            ahead = self.cp.new_int_var(0, len(self.questions), "")
            self.cp.add_element(self.count_ratings(question, rating), better, ahead)
            ranks[question] = 1 + ahead
        return ranks

    def _rank_by_value(self, rating: str, most_first: bool) -> dict[int, Expression]:
        """Return 1 + the number of questions with a better count, by question.

        It follows from the number of questions with each count. This equals comparing all pairs, but the
        solver decides rules on three colours with this formulation only.
        """
        values = range(self.figures.returns + 1)
        at = {(q, value): self.cp.new_bool_var("") for q in self.questions for value in values}
        for question in self.questions:
            self.cp.add_exactly_one(at[question, value] for value in values)
            count = sum_terms(value * at[question, value] for value in values)
            self.cp.add(self.count_ratings(question, rating) == count)
        better = [self.cp.new_int_var(0, len(self.questions) - 1, "") for _ in values]
        for value in values:
            ahead = values[value + 1 :] if most_first else values[:value]
            self.cp.add(better[value] == sum_terms(at[q, other] for q in self.questions for other in ahead))
        for lower, higher in pairwise(better):
            self.cp.add(lower >= higher if most_first else lower <= higher)
        ranks: dict[int, Expression] = {}
        for question in self.questions:
            rank = self.cp.new_int_var(0, len(self.questions) - 1, "")
            for value in values:
                self.cp.add(rank == better[value]).only_enforce_if(at[question, value])
            ranks[question] = 1 + rank
        return ranks

    def add_order(self, margin: Callable[[int, int], Expression]) -> None:
        """Constrain the printed order and ties; `margin` is positive where the first question is ahead."""
        for first, second in pairwise(self.figures.order):
            if self.figures.place[first] == self.figures.place[second]:
                self.cp.add(margin(first, second) == 0)
            else:
                self.cp.add(margin(first, second) >= 1)

    def add_remarks(self) -> None:
        """Constrain the remarks of the printed table by our rule for remarks."""
        for question, remark in self.figures.remarks.items():
            ranking.add_remark(self, question, self.figures.groups[question], remark)

    def add_groups(self, margin: Callable[[int, int], Expression]) -> None:
        """Constrain the two widest gaps of the rule's score to separate the printed groups."""
        groups = self.figures.groups
        steps = list(pairwise(self.figures.order))
        for cut in (step for step in steps if groups[step[0]] != groups[step[1]]):
            for step in (step for step in steps if groups[step[0]] == groups[step[1]]):
                self.cp.add(margin(*cut) >= margin(*step) + 1)

    def solve(self, seed: int, limit: float, hint: Counts) -> tuple[bool | None, Counts]:
        """Return whether the constraints can be met (None: limit reached), and counts that meet them."""
        for question, counts in hint.items():
            for rating, count in zip(RATINGS, counts, strict=True):
                self.cp.add_hint(self.count_ratings(question, rating), count)
        solver = cp_model.CpSolver()
        solver.parameters.random_seed = seed
        solver.parameters.num_workers = 1
        solver.parameters.max_deterministic_time = limit
        status = solver.solve(self.cp)
        if status == cp_model.INFEASIBLE:
            return False, {}
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return None, {}
        return True, {question: self._read_counts(solver, question) for question in sorted(self.questions)}

    def _read_counts(self, solver: cp_model.CpSolver, question: int) -> tuple[int, int, int]:
        green, amber, red = (solver.value(self.count_ratings(question, rating)) for rating in RATINGS)
        return green, amber, red


def _constrain_count(model: CountModel, claim: Claim) -> None:
    left = model.count_ratings(_require_question(claim.left), claim.left.rating)
    if isinstance(claim.right, Subject):
        right: Expression = model.count_ratings(_require_question(claim.right), claim.right.rating) + int(
            claim.margin
        )
        model.cp.add(_COMPARISONS[claim.comparison](left, right))
    else:
        _constrain_scaled(model, left, claim, 1)


def _constrain_share(model: CountModel, claim: Claim) -> None:
    _constrain_scaled(
        model,
        model.count_ratings(_require_question(claim.left), claim.left.rating),
        claim,
        model.count_returns(),
    )


def _constrain_scaled(model: CountModel, left: Expression, claim: Claim, base: int) -> None:
    """Constrain `left` as a part of `base`, compared with a number; in whole numbers."""
    assert not isinstance(claim.right, str | Subject)
    bound = claim.right.numerator * base
    model.cp.add(_COMPARISONS[claim.comparison](left * claim.right.denominator, bound))


def _constrain_fewer(model: CountModel, claim: Claim) -> None:
    _constrain_scaled(model, model.count_fewer(_require_question(claim.left), claim.left.rating), claim, 1)


def _constrain_as_many(model: CountModel, claim: Claim) -> None:
    question, rating = _require_question(claim.left), claim.left.rating
    others = len(model.questions) - 1
    _constrain_scaled(
        model, others - model.count_fewer(question, rating) - model.count_more(question, rating), claim, 1
    )


def _require_question(subject: Subject) -> int:
    assert subject.question_no is not None
    return subject.question_no


_COUNTED: dict[str, Callable[[CountModel, Claim], None]] = {
    "count": _constrain_count,
    "share": _constrain_share,
    "questions_with_fewer": _constrain_fewer,
    "questions_with_as_many": _constrain_as_many,
}
