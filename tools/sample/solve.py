"""Finds ratings that meet every claim, with plausible differences between committees."""

import random
from dataclasses import dataclass
from itertools import combinations

from ortools.sat.python import cp_model

from tools.sample.claims import Claim, Committee
from tools.sample.constraints import add_claims, list_duplicate_pairs
from tools.sample.model import RATINGS, Expression, RatingModel, sum_terms

# Deterministic units of the solver: with seconds, the result would depend on the machine.
_FIND_LIMIT = 20.0
_IMPROVE_LIMIT = 8.0
# Minimum number of questions on which two committees differ that are not duplicates.
_MIN_DIFFERENCE = 3


class NoSolutionError(RuntimeError):
    """No ratings meet all claims, or none were found within the limit."""


@dataclass(frozen=True)
class SampleRatings:
    """The rating of each committee and question, and those that are blank in the files."""

    rating: dict[tuple[str, int], str]
    blank: frozenset[tuple[str, int]]


def solve_ratings(
    committees: list[Committee], questions: list[int], claims: list[Claim], seed: int
) -> SampleRatings:
    """Find ratings that meet every claim. The same input gives the same ratings. Raises `NoSolutionError`.

    The first solution maximizes the smallest number of amber on any question. Its counts are fixed, and the second
    solution distributes the ratings so that some committees are more confident than others on all questions.
    """
    model = RatingModel(committees, questions)
    add_claims(model, claims)
    least_amber = model.cp.new_int_var(0, model.count_returns(), "least amber")
    for question in questions:
        model.cp.add(least_amber <= model.count_ratings(question, "amber"))
    model.cp.maximize(least_amber)
    pairs = list_duplicate_pairs(claims)
    found = _run_until_different(model, pairs, seed, _FIND_LIMIT)

    codes = sorted({committee.consortium_code for committee in committees})
    for question in questions:
        for rating in RATINGS:
            for code in codes:
                members = [c.committee_id for c in model.list_members(code)]
                fixed = sum(found.value(model.rated[m, question, rating]) for m in members)
                model.cp.add(sum_terms(model.rated[m, question, rating] for m in members) == fixed)
    for literals in (model.rated, model.blanks):
        for literal in literals.values():
            model.cp.add_hint(literal, found.value(literal))
    model.cp.maximize(_weigh_points(model, seed))
    improved = _run_until_different(model, pairs, seed, _IMPROVE_LIMIT)
    blank = frozenset(place for place, literal in model.blanks.items() if improved.value(literal))
    return SampleRatings(_read_ratings(model, improved), blank)


def _run_until_different(
    model: RatingModel, duplicates: list[tuple[str, str]], seed: int, limit: float
) -> cp_model.CpSolver:
    """Solve again while committees that are not duplicates are too similar.

    Constraints on all 300 pairs would make the model many times larger, and few pairs need them.
    """
    while True:
        solver = _run_solver(model, seed, limit)
        similar = _find_similar(model, _read_ratings(model, solver), duplicates)
        if not similar:
            return solver
        for first, second in similar:
            _constrain_difference(model, first, second)


def _read_ratings(model: RatingModel, solver: cp_model.CpSolver) -> dict[tuple[str, int], str]:
    return {
        (committee, question): rating
        for (committee, question, rating), literal in model.rated.items()
        if solver.value(literal)
    }


def _run_solver(model: RatingModel, seed: int, limit: float) -> cp_model.CpSolver:
    solver = cp_model.CpSolver()
    solver.parameters.random_seed = seed
    # With several workers, the result depends on the machine.
    solver.parameters.num_workers = 1
    solver.parameters.max_deterministic_time = limit
    status = solver.solve(model.cp)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        raise NoSolutionError(f"No ratings meet the claims within the limit: {solver.status_name(status)}.")
    return solver


def _weigh_points(model: RatingModel, seed: int) -> cp_model.LinearExpr:
    """Sum points weighted by a random confidence of the committee, in general and on the question.

    Blanks get random weights, too.
    """
    draw = random.Random(seed)  # invents, does not encrypt
    terms: list[Expression] = []
    for committee in model.committees:
        confidence = draw.gauss(0, 1)
        for question in model.questions:
            weight = round(100 * (confidence + draw.gauss(0, 0.9)))
            terms.append(weight * model.score_rating(committee.committee_id, question))
            terms.append(round(20 * draw.random()) * model.blanks[committee.committee_id, question])
    return sum_terms(terms)


def _find_similar(
    model: RatingModel, ratings: dict[tuple[str, int], str], duplicates: list[tuple[str, str]]
) -> list[tuple[str, str]]:
    pairs = combinations([committee.committee_id for committee in model.committees], 2)
    return [
        (first, second)
        for first, second in pairs
        if (first, second) not in duplicates
        and sum(ratings[first, q] != ratings[second, q] for q in model.questions) < _MIN_DIFFERENCE
    ]


def _constrain_difference(model: RatingModel, first: str, second: str) -> None:
    differs = []
    for question in model.questions:
        same = [
            model.has_all([model.rated[first, question, rating], model.rated[second, question, rating]])
            for rating in RATINGS
        ]
        differs.append(1 - sum_terms(same))
    model.cp.add(sum_terms(differs) >= _MIN_DIFFERENCE)
