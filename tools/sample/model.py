"""The ratings of one round as variables of a constraint model, and the measures that claims use.

`constraints.py` has the constraints on these measures; `solve.py` finds a solution.
"""

from collections.abc import Iterable, Sequence
from functools import cache

from ortools.sat.python import cp_model

from tools.sample.claims import Committee

RATINGS = ("green", "amber", "red")
POINTS = {"green": 2, "amber": 1, "red": 0}

Expression = cp_model.LinearExpr | int
Literal = cp_model.IntVar


def sum_terms(terms: Iterable[Expression]) -> cp_model.LinearExpr:
    """Sum terms as an expression; there may be none."""
    given: Sequence[Expression] = list(terms)
    return cp_model.LinearExpr.sum(given)


class RatingModel:
    """One variable per committee, question and rating, and one per committee and question for a blank.

    A blank rating has a value too: its estimate, which counts in every total, as in the report. Measures are built
    at first use, so a model contains only those that its claims need.
    """

    def __init__(self, committees: list[Committee], questions: list[int]) -> None:
        self.cp = cp_model.CpModel()
        self.committees = committees
        self.questions = questions
        self.rated = {
            (committee.committee_id, question, rating): self.cp.new_bool_var(
                f"{committee.committee_id} {question} {rating}"
            )
            for committee in committees
            for question in questions
            for rating in RATINGS
        }
        self.blanks = {
            (committee.committee_id, question): self.cp.new_bool_var(
                f"{committee.committee_id} {question} blank"
            )
            for committee in committees
            for question in questions
        }
        for committee in committees:
            for question in questions:
                self.cp.add_exactly_one(self.rated[committee.committee_id, question, r] for r in RATINGS)
        self.count_ratings = cache(self._count_ratings)
        self.has_more = cache(self._has_more)
        self.sum_ranks = cache(self._sum_ranks)
        self.rank_confidence = cache(self._rank_confidence)

    def count_returns(self, consortium_code: str = "") -> int:
        """Count the returns of all or of one consortium."""
        return len(self.list_members(consortium_code))

    def list_members(self, consortium_code: str = "") -> list[Committee]:
        """List the committees of all or of one consortium."""
        return [c for c in self.committees if consortium_code in ("", c.consortium_code)]

    def _count_ratings(self, question: int, rating: str, consortium_code: str = "") -> Literal:
        members = self.list_members(consortium_code)
        count = self.cp.new_int_var(0, len(members), f"count {question} {rating} {consortium_code}")
        self.cp.add(count == sum_terms(self.rated[c.committee_id, question, rating] for c in members))
        return count

    def sum_points(self, question: int, consortium_code: str = "") -> Expression:
        """Sum the points (green 2, amber 1, red 0) of the returns."""
        return sum_terms(
            POINTS[r] * self.count_ratings(question, r, consortium_code) for r in ("green", "amber")
        )

    def count_blanks(self, question: int) -> Expression:
        """Count the ratings left blank on a question."""
        return sum_terms(self.blanks[c.committee_id, question] for c in self.committees)

    def score_rating(self, committee_id: str, question: int) -> Expression:
        """Return the points of one rating."""
        return sum_terms(POINTS[r] * self.rated[committee_id, question, r] for r in RATINGS)

    def is_at_least(self, left: Expression, right: Expression) -> Literal:
        """Return a literal that is true exactly when left >= right."""
        literal = self.cp.new_bool_var("")
        self.cp.add(left >= right).only_enforce_if(literal)
        self.cp.add(left < right).only_enforce_if(~literal)
        return literal

    def is_equal(self, left: Expression, right: Expression) -> Literal:
        """Return a literal that is true exactly when left == right."""
        return self.has_all([self.is_at_least(left, right), self.is_at_least(right, left)])

    def has_all(self, literals: Iterable[Literal]) -> Literal:
        """Return a literal that is true exactly when all given ones are."""
        given = list(literals)
        literal = self.cp.new_bool_var("")
        self.cp.add_bool_and(given).only_enforce_if(literal)
        self.cp.add_bool_or([~other for other in given] + [literal])
        return literal

    def _has_more(self, question: int, other: int, rating: str) -> Literal:
        return self.is_at_least(self.count_ratings(question, rating), self.count_ratings(other, rating) + 1)

    def count_fewer(self, question: int, rating: str) -> Expression:
        """Count the other questions with fewer returns of the rating."""
        return sum_terms(self.has_more(question, other, rating) for other in self._list_others(question))

    def count_more(self, question: int, rating: str) -> Expression:
        """Count the other questions with more returns of the rating."""
        return sum_terms(self.has_more(other, question, rating) for other in self._list_others(question))

    def rank_green(self, question: int) -> Expression:
        """Return 1 + the number of questions with more green."""
        return 1 + self.count_more(question, "green")

    def rank_red(self, question: int) -> Expression:
        """Return 1 + the number of questions with fewer red."""
        return 1 + self.count_fewer(question, "red")

    def _sum_ranks(self, question: int) -> Literal:
        total = self.cp.new_int_var(2, 2 * len(self.questions), f"rank sum {question}")
        self.cp.add(total == self.rank_green(question) + self.rank_red(question))
        return total

    def _rank_confidence(self, question: int) -> Literal:
        rank = self.cp.new_int_var(1, len(self.questions), f"confidence rank {question}")
        above = (
            self.is_at_least(self.sum_ranks(question), self.sum_ranks(other) + 1)
            for other in self._list_others(question)
        )
        self.cp.add(rank == 1 + sum_terms(above))
        return rank

    def _list_others(self, question: int) -> list[int]:
        return [other for other in self.questions if other != question]
