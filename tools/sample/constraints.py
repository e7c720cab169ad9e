"""Converts claims about a round to constraints on its ratings, by metric and comparison."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from ortools.sat.python import cp_model

from tools.sample import ranking
from tools.sample.claims import Claim, Subject
from tools.sample.model import Expression, RatingModel, sum_terms

# Claims on invitations, returns, the questionnaire and comments: ratings cannot change them. The marts check them.
NOT_ABOUT_RATINGS = frozenset(
    {
        "questions", "sections", "sub_questions", "section_of_question", "questions_in_section",
        "rating_steps",
        "invited", "returned", "returns", "not_returned", "return_status", "committees", "consortium_of",
        "consortia", "consortia_covered", "local_authorities", "local_authorities_covered",
        "local_authority_count", "fieldwork_first_month", "fieldwork_last_month", "returns_outside_fieldwork",
        "without_comment", "comments_on_topic", "duplicate_returns", "distinct_contents",
    }
)  # fmt: skip


class UnknownClaimError(ValueError):
    """The model has no constraint for a metric or a comparison. The message names it."""


@dataclass(frozen=True)
class Quantity:
    """A measure as a whole-number expression over a whole denominator."""

    numerator: Expression
    denominator: int = 1


Demand = Callable[[RatingModel, str, Claim], None]


def add_claims(model: RatingModel, claims: list[Claim]) -> None:
    """Add every claim to the model. Raises `UnknownClaimError` for one that it cannot express."""
    groups = {
        claim.left.question_no: str(claim.right)
        for claim in claims
        if claim.left.metric == "confidence_group" and claim.left.question_no is not None
    }
    ranking.add_groups(model, groups)
    for claim in claims:
        metric, _, argument = claim.left.metric.partition(":")
        if metric == "ranking_comment":
            question = _require_question(claim)
            ranking.add_remark(model, question, groups[question], str(claim.right))
        elif metric in _DEMANDS:
            _DEMANDS[metric](model, argument, claim)
        elif metric.startswith("returns_with_blanks_"):
            _constrain_returns_with_blanks(model, int(metric.rpartition("_")[2]), claim)
        elif metric.startswith("questions_with_blanks_"):
            _constrain_questions_with_blanks(model, int(metric.rpartition("_")[2]), claim)
        elif metric not in NOT_ABOUT_RATINGS and metric != "confidence_group":
            _constrain_comparison(model, claim)


def list_duplicate_pairs(claims: list[Claim]) -> list[tuple[str, str]]:
    """List the pairs of committees that sent the same content, each pair once."""
    pairs = {
        tuple(sorted((claim.left.metric.partition(":")[2], str(claim.right))))
        for claim in claims
        if claim.left.metric.startswith("shares_content_with:")
    }
    return sorted((first, second) for first, second in pairs)


def _constrain_comparison(model: RatingModel, claim: Claim) -> None:
    left = _build_quantity(model, claim.left, claim)
    if isinstance(claim.right, Subject):
        right = _build_quantity(model, claim.right, claim)
    elif isinstance(claim.right, Fraction):
        right = Quantity(claim.right.numerator, claim.right.denominator)
    else:
        raise UnknownClaimError(f"{claim.claim_id}: '{claim.right}' is not a number.")
    scale = lcm(left.denominator, right.denominator, claim.margin.denominator)
    a = left.numerator * (scale // left.denominator)
    b = right.numerator * (scale // right.denominator) + int(claim.margin * scale)
    comparisons = {"=": a == b, ">": a > b, ">=": a >= b, "<": a < b, "<=": a <= b, "<>": a != b}
    if claim.comparison not in comparisons:
        raise UnknownClaimError(f"{claim.claim_id}: the comparison '{claim.comparison}' is unknown.")
    model.cp.add(comparisons[claim.comparison])


def _build_quantity(model: RatingModel, subject: Subject, claim: Claim) -> Quantity:
    metric, _, argument = subject.metric.partition(":")
    if metric == "blank" and subject.question_no is None:
        return Quantity(sum_terms(model.count_blanks(question) for question in model.questions))
    question, rating, consortium = subject.question_no, subject.rating, subject.consortium_code
    if question is None:
        raise UnknownClaimError(f"{claim.claim_id}: the metric '{subject.metric}' needs a question.")
    returns = model.count_returns(consortium)
    match metric:
        case "count":
            return Quantity(model.count_ratings(question, rating, consortium))
        case "share":
            return Quantity(model.count_ratings(question, rating, consortium), returns)
        case "mean_score":
            return Quantity(model.sum_points(question, consortium), returns)
        case "blank":
            return Quantity(model.count_blanks(question))
        case "confidence_rank":
            return Quantity(model.rank_confidence(question))
        case "green_rank":
            return Quantity(model.rank_green(question))
        case "red_rank":
            return Quantity(model.rank_red(question))
        case "rank_sum":
            return Quantity(model.sum_ranks(question))
        case "questions_with_fewer":
            return Quantity(model.count_fewer(question, rating))
        case "questions_with_as_many":
            others = len(model.questions) - 1
            return Quantity(others - model.count_fewer(question, rating) - model.count_more(question, rating))
        case "committees_lower_than_on":
            scores = (
                (
                    model.score_rating(c.committee_id, int(argument)),
                    model.score_rating(c.committee_id, question),
                )
                for c in model.committees
            )
            return Quantity(sum_terms(model.is_at_least(other, own + 1) for other, own in scores))
    raise UnknownClaimError(f"{claim.claim_id}: the metric '{subject.metric}' is unknown.")


def _constrain_label(model: RatingModel, rank: Expression, below: Expression, claim: Claim) -> None:
    """Constrain the report's label: the rank, but the number of questions for the last questions."""
    place = int(Fraction(claim.right)) if not isinstance(claim.right, Subject) else 0
    if place == len(model.questions):
        model.cp.add(below == 0)
    else:
        model.cp.add(rank == place)
        model.cp.add(below >= 1)


def _constrain_report_label(model: RatingModel, _: str, claim: Claim) -> None:
    question = _require_question(claim)
    below = sum_terms(
        model.is_at_least(model.sum_ranks(other), model.sum_ranks(question) + 1)
        for other in model.questions
        if other != question
    )
    _constrain_label(model, model.rank_confidence(question), below, claim)


def _constrain_green_label(model: RatingModel, _: str, claim: Claim) -> None:
    question = _require_question(claim)
    _constrain_label(model, model.rank_green(question), model.count_fewer(question, "green"), claim)


def _constrain_tie(model: RatingModel, _: str, claim: Claim) -> None:
    question = _require_question(claim)
    same = [
        model.is_equal(model.sum_ranks(other), model.sum_ranks(question))
        for other in model.questions
        if other != question
    ]
    model.cp.add(sum_terms(same) >= 1 if claim.right == 1 else sum_terms(same) == 0)


def _constrain_gap(model: RatingModel, _: str, claim: Claim) -> None:
    if claim.comparison != ">=" or not isinstance(claim.right, Fraction):
        raise UnknownClaimError(f"{claim.claim_id}: a gap can only be demanded to be at least a number.")
    ranking.constrain_gap(model, _require_question(claim), int(claim.right))


def _constrain_shared_content(model: RatingModel, committee_id: str, claim: Claim) -> None:
    other = str(claim.right)
    for (committee, question, rating), literal in model.rated.items():
        if committee == committee_id:
            model.cp.add(literal == model.rated[other, question, rating])
    # An estimate for one of them would need two decisions, and the report has none.
    for question in model.questions:
        model.cp.add(model.blanks[committee_id, question] == 0)


def _constrain_returns_with_blanks(model: RatingModel, blanks: int, claim: Claim) -> None:
    left = (sum_terms(model.blanks[c.committee_id, q] for q in model.questions) for c in model.committees)
    _constrain_count(model, [model.is_equal(total, blanks) for total in left], claim)


def _constrain_questions_with_blanks(model: RatingModel, blanks: int, claim: Claim) -> None:
    _constrain_count(
        model, [model.is_equal(model.count_blanks(question), blanks) for question in model.questions], claim
    )


def _constrain_count(model: RatingModel, literals: list[cp_model.IntVar], claim: Claim) -> None:
    if claim.comparison != "=" or not isinstance(claim.right, Fraction):
        raise UnknownClaimError(f"{claim.claim_id}: blanks are counted exactly.")
    model.cp.add(sum_terms(literals) == int(claim.right))


def _require_question(claim: Claim) -> int:
    if claim.left.question_no is None:
        raise UnknownClaimError(f"{claim.claim_id}: the metric '{claim.left.metric}' needs a question.")
    return claim.left.question_no


_DEMANDS: dict[str, Demand] = {
    "report_label": _constrain_report_label,
    "green_label": _constrain_green_label,
    "is_joint": _constrain_tie,
    "gap_after": _constrain_gap,
    "shares_content_with": _constrain_shared_content,
}
