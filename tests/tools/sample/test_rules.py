"""The ranking rules that can be the report's: the solver and a recomputation confirm the committed verdicts."""

import csv
import re
from collections.abc import Callable
from fractions import Fraction
from functools import cache
from itertools import pairwise
from operator import eq, ge, gt, le, lt

import pytest

from tests.tools.sample.sample_measures import SEEDS, seed_rows
from tools.sample.rules import decide_rule
from tools.sample.rules_candidates import OURS, list_candidates
from tools.sample.rules_model import Counts, Figures, load_figures

ROWS = {row["rule_id"]: row for row in seed_rows("ranking_rules")}
RULES = {rule.rule_id: rule for rule in list_candidates()}
COMPARE = {"=": eq, ">": gt, ">=": ge, "<": lt, "<=": le}
# Appendix B, from first to last; 17 and 19 share a place, and 12 and 18.
ORDER = [{4}, {2}, {1}, {8}, {11}, {5}, {7}, {17, 19}, {15}, {9}, {13}, {6}, {3}, {10}, {14}, {16}, {12, 18}]


@cache
def figures() -> Figures:
    return load_figures(SEEDS, "2016")


def example(rule_id: str) -> Counts:
    """The committed counts of a rule."""
    found = re.findall(r"Q(\d+) (\d+)/(\d+)/(\d+)", ROWS[rule_id]["example_counts"])
    return {int(q): (int(green), int(amber), int(red)) for q, green, amber, red in found}


def test_every_candidate_has_its_row_and_one_is_ours() -> None:
    assert list(ROWS) == list(RULES)
    assert [rule for rule, row in ROWS.items() if row["is_ours"] == "true"] == [OURS]
    for rule, row in ROWS.items():
        assert (row["title"], row["definition"]) == (RULES[rule].title, RULES[rule].definition)
        assert bool(row["example_counts"]) == (row["feasible_with_figures"] == "true"), rule
        assert not RULES[rule].argument or row["feasible_with_figures"] == "false", rule


# The solver takes minutes for these; only the script decides them again.
SLOW = {"sum_three"}


@pytest.mark.parametrize("rule_id", sorted(ROWS.keys() - SLOW))
def test_the_solver_confirms_the_committed_verdict(rule_id: str) -> None:
    """Fitting counts are found from the committed ones; excluded rules are excluded from scratch."""
    verdict = decide_rule(RULES[rule_id], figures(), example(rule_id))
    answers = ("feasible_with_figures", "feasible_with_comments", "feasible_with_groups")
    row = verdict.to_row(int(ROWS[rule_id]["position"]))
    assert {name: row[name] for name in answers} == {name: ROWS[rule_id][name] for name in answers}


def ranks(values: dict[int, int], convention: str) -> dict[int, Fraction]:
    """Ranks by value, lowest first, by sorting."""
    order = sorted(values.values())
    standard = {value: order.index(value) + 1 for value in order}
    modified = {value: len(order) - order[::-1].index(value) for value in order}
    dense = {value: place for place, value in enumerate(sorted(set(order)), start=1)}
    return {
        q: {
            "standard": Fraction(standard[value]),
            "modified": Fraction(modified[value]),
            "dense": Fraction(dense[value]),
            "fractional": Fraction(standard[value] + modified[value], 2),
        }[convention]
        for q, value in values.items()
    }


def colour_ranks(counts: Counts, convention: str) -> dict[int, tuple[Fraction, Fraction]]:
    green = ranks({q: -green for q, (green, _, _) in counts.items()}, convention)
    red = ranks({q: red for q, (_, _, red) in counts.items()}, convention)
    return {q: (green[q], red[q]) for q in counts}


# The score of a rule, lowest first, from the ranks by green and by red: without code of the solver.
SCORES: dict[str, tuple[str, Callable[[Fraction, Fraction], Fraction]]] = {
    **{f"sum_{c}": (c, lambda green, red: green + red) for c in ("standard", "modified", "dense", "fractional")},
    **{f"product_{c}": (c, lambda green, red: green * red) for c in ("standard", "modified", "dense", "fractional")},
    "sum_green_double": ("standard", lambda green, red: 2 * green + red),
    "sum_red_double": ("standard", lambda green, red: green + 2 * red),
}  # fmt: skip
FEASIBLE = [rule for rule, row in ROWS.items() if row["feasible_with_figures"] == "true"]


@pytest.mark.parametrize("rule_id", FEASIBLE)
def test_committed_counts_give_the_printed_order(rule_id: str) -> None:
    convention, score = SCORES[rule_id]
    scores = {q: score(*both) for q, both in colour_ranks(example(rule_id), convention).items()}
    by_score = [{q for q in scores if scores[q] == value} for value in sorted(set(scores.values()))]
    assert by_score == ORDER


@pytest.mark.parametrize("rule_id", FEASIBLE)
def test_committed_counts_are_the_printed_ones(rule_id: str) -> None:
    counts = {q: dict(zip(("green", "amber", "red"), c, strict=True)) for q, c in example(rule_id).items()}
    assert sorted(counts) == list(range(1, 20))
    assert {sum(count.values()) for count in counts.values()} == {25}
    checked = 0
    for row in seed_rows("claims"):
        if row["metric"] not in ("count", "share") or row["consortium_code"] or row["is_hard"] != "true":
            continue
        if row["contradiction"] or row["not_checkable_reason"]:
            continue
        value = Fraction(counts[int(row["question_no"])][row["rating"]])
        if row["metric"] == "share":
            value /= 25
        other = counts[int(row["versus_question_no"])] if row["versus_question_no"] else {}
        expected = Fraction(other.get(row["versus_rating"], 0)) if other else Fraction(row["expected"])
        assert COMPARE[row["comparison"]](value, expected + Fraction(row["margin"] or 0)), row["claim_id"]
        checked += 1
    assert checked > 25
    # Question 6 is the joint last one by green alone.
    greens = sorted(count["green"] for count in counts.values())
    assert greens[0] == greens[1] == counts[6]["green"]


@pytest.mark.parametrize(
    "rule_id", [rule for rule, row in ROWS.items() if row["feasible_with_groups"] == "true"]
)
def test_committed_counts_separate_the_groups_at_the_two_widest_gaps(rule_id: str) -> None:
    convention, score = SCORES[rule_id]
    scores = {q: score(*both) for q, both in colour_ranks(example(rule_id), convention).items()}
    gaps = {
        min(first): scores[min(second)] - scores[min(first)] for first, second in pairwise(ORDER)
    }  # by the last question before the gap
    assert set(sorted(gaps, key=lambda q: gaps[q])[-2:]) == {1, 10}


def test_no_points_per_colour_can_be_the_rule() -> None:
    """The proof in words, in fractions: a multiple of the tie turns the demanded lead into nothing."""
    tie = (Fraction(7 - 4), Fraction(-15 + 9))  # what 12 has over 18: 3a - 6b = 0
    lead = (Fraction(5 - 7), Fraction(-11 + 15))  # what 16 has over 12: -2a + 4b > 0
    assert [lead[i] + Fraction(2, 3) * tie[i] for i in (0, 1)] == [0, 0]
    counted = {
        (row["question_no"], row["rating"]): row["expected"]
        for row in csv.DictReader((SEEDS / "claims.csv").open(encoding="utf-8"))
        if row["metric"] == "count" and row["comparison"] == "=" and not row["consortium_code"]
    }
    assert [counted[q, "green"] for q in ("12", "16", "18")] == ["7", "5", "4"]
    assert [counted[q, "red"] for q in ("12", "16", "18")] == ["15", "11", "9"]
