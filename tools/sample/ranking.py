"""The rules on ranks, groups and remarks, as constraints on a rating model.

The rules and thresholds are those of the marts; a test recomputes the figures and compares.
"""

from itertools import pairwise

from ortools.sat.python import cp_model

from tools.sample.model import Expression, Literal, RatingModel, sum_terms

GROUPS = ("high", "medium", "low")
# Minimum gap between groups. All other gaps of the rank sums are narrower, so the two widest are unambiguous.
GROUP_GAP = 4

HIGH_RED_PLACES = 2
LOW_GREEN_PLACES = 5
LOW_RED_PLACES = 3
VERY_LOW_AMBER = 0.20
VERY_HIGH_RED = 0.20
HIGH_AMBER = 0.45
VERY_HIGH_AMBER = 0.70

BLANKS = {0: "", 1: "One blank response.", 2: "Two blank responses.", 4: "Four blank responses."}
HIGH_RED = "High number red responses for this rank."
VERY_HIGH_RED_LOW_AMBER = "Very high number red responses for this rank; very low amber."
LOW_GREEN = "Low number green responses for this rank."
LOW_GREEN_HIGH_AMBER = "Low number green responses for this rank; high level amber."
LOW_GREEN_VERY_HIGH_AMBER = "Very low number green responses for this rank; very high amber."
LOW_RED = "Low number red responses for this rank."
LOW_RED_HIGH_AMBER = "Low number red responses for this rank; high amber."
NO_REMARK = "none"


def add_groups(model: RatingModel, group_of: dict[int, str]) -> None:
    """Constrain the groups, and gaps of rank sums inside a group to less than `GROUP_GAP`.

    `constrain_gap` constrains the gaps between groups. A question without a group is not constrained.
    """
    for better, worse in pairwise(GROUPS):
        for question in (q for q, group in group_of.items() if group == better):
            for other in (q for q, group in group_of.items() if group == worse):
                model.cp.add(model.sum_ranks(other) >= model.sum_ranks(question) + 1)
    for group in GROUPS:
        members = [q for q, its_group in group_of.items() if its_group == group]
        _forbid_wide_gaps(model, members)


def constrain_gap(model: RatingModel, question: int, at_least: int) -> None:
    """Constrain the next larger rank sum to be larger by `at_least`."""
    for other in model.questions:
        if other == question:
            continue
        larger = model.is_at_least(model.sum_ranks(other), model.sum_ranks(question) + 1)
        model.cp.add(model.sum_ranks(other) >= model.sum_ranks(question) + at_least).only_enforce_if(larger)


def _forbid_wide_gaps(model: RatingModel, members: list[int]) -> None:
    """Require of each member, but those with the largest sum, another one less than `GROUP_GAP` above it."""
    for question in members:
        near: list[cp_model.LiteralT] = []
        larger: list[Literal] = []
        for other in members:
            if other == question:
                continue
            above = model.is_at_least(model.sum_ranks(other), model.sum_ranks(question) + 1)
            within = model.is_at_least(model.sum_ranks(question) + GROUP_GAP - 1, model.sum_ranks(other))
            larger.append(above)
            near.append(model.has_all([above, within]))
        for above in larger:
            model.cp.add_bool_or([*near, ~above])


def add_remark(model: RatingModel, question: int, group: str, remark: str) -> None:
    """Constrain the remark of a question. Raises `ValueError` for a remark that no rule gives."""
    rest = "" if remark == NO_REMARK else remark
    blank = next((n for n, text in sorted(BLANKS.items(), reverse=True) if n and rest.endswith(text)), 0)
    rest = rest.removesuffix(BLANKS[blank]).strip()
    model.cp.add(model.count_blanks(question) == blank)

    rank = model.rank_confidence(question)
    red_places: Expression = model.rank_red(question) - rank
    green_places: Expression = model.rank_green(question) - rank
    if group == "low":
        _constrain_places(
            model, rest in (LOW_RED, LOW_RED_HIGH_AMBER), rank - model.rank_red(question), LOW_RED_PLACES
        )
        if rest in (LOW_RED, LOW_RED_HIGH_AMBER):
            _constrain_amber(model, question, HIGH_AMBER, rest == LOW_RED_HIGH_AMBER)
        elif rest:
            raise ValueError(f"No rule gives this remark on question {question} of the low group: {remark}")
        return
    high_red = rest in (HIGH_RED, VERY_HIGH_RED_LOW_AMBER)
    _constrain_places(model, high_red, red_places, HIGH_RED_PLACES)
    if high_red:
        very = _is_very_high_red(model, question)
        model.cp.add(very == int(rest == VERY_HIGH_RED_LOW_AMBER))
        return
    low_green = rest in (LOW_GREEN, LOW_GREEN_HIGH_AMBER, LOW_GREEN_VERY_HIGH_AMBER)
    _constrain_places(model, low_green, green_places, LOW_GREEN_PLACES)
    if low_green:
        _constrain_amber(model, question, VERY_HIGH_AMBER, rest == LOW_GREEN_VERY_HIGH_AMBER)
        _constrain_amber(model, question, HIGH_AMBER, rest != LOW_GREEN)
    elif rest:
        raise ValueError(f"No rule gives this remark on question {question}: {remark}")


def _constrain_places(model: RatingModel, wanted: bool, places: Expression, threshold: int) -> None:
    model.cp.add(places >= threshold if wanted else places < threshold)


def _constrain_amber(model: RatingModel, question: int, share: float, at_least: bool) -> None:
    """Constrain amber as a share of returns, compared in whole hundredths to be exact."""
    amber = 100 * model.count_ratings(question, "amber")
    bound = round(100 * share) * model.count_returns()
    model.cp.add(amber >= bound if at_least else amber < bound)


def _is_very_high_red(model: RatingModel, question: int) -> Literal:
    """Return a literal for very low amber, and red well above the red count at the question's rank.

    The p-th smallest red count is at most x exactly when p or more red counts are.
    """
    hundredths = round(100 * VERY_HIGH_RED) * model.count_returns()
    low = [
        model.is_at_least(
            100 * model.count_ratings(question, "red") - hundredths, 100 * model.count_ratings(other, "red")
        )
        for other in model.questions
    ]
    excess = model.is_at_least(sum_terms(low), model.rank_confidence(question))
    amber_bound = round(100 * VERY_LOW_AMBER) * model.count_returns()
    few_amber = model.is_at_least(amber_bound, 100 * model.count_ratings(question, "amber"))
    return model.has_all([excess, few_amber])
