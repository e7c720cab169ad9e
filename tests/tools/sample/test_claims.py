"""The generated ratings meet the claims; claims that cannot be met or are unknown are refused."""

from fractions import Fraction
from operator import eq, ge, gt, le, lt, ne

import pytest

from tests.tools.sample.sample_measures import SEEDS, sample_measures, sample_round, seed_rows
from tools.sample.claims import Claim, Committee, Subject, load_claims
from tools.sample.constraints import UnknownClaimError
from tools.sample.solve import NoSolutionError, solve_ratings

COMPARE = {"=": eq, ">": gt, ">=": ge, "<": lt, "<=": le, "<>": ne}
CHECKABLE = [
    row for row in seed_rows("claims") if not row["contradiction"] and not row["not_checkable_reason"]
]
THREE = [Committee("one", "One", "N"), Committee("two", "Two", "N"), Committee("three", "Three", "W")]


def disagreement(row: dict[str, str], seed: int) -> str | None:
    """None where the claim holds, else what was found."""
    found = sample_measures(seed).value(
        row["metric"],
        int(row["question_no"]) if row["question_no"] else None,
        row["consortium_code"],
        row["rating"],
    )
    if row["versus_metric"]:
        expected = sample_measures(seed).value(
            row["versus_metric"],
            int(row["versus_question_no"]),
            row["versus_consortium_code"],
            row["versus_rating"],
        )
        assert isinstance(expected, Fraction)
        expected += Fraction(row["margin"] or 0)
    else:
        expected = Fraction(row["expected"]) if isinstance(found, Fraction) else row["expected"]
    if COMPARE[row["comparison"]](found, expected):
        return None
    return f"{row['claim_id']} {row['paraphrase']} {found} is not {row['comparison']} {expected}"


@pytest.mark.parametrize("seed", [2016, 5])
@pytest.mark.parametrize("hard", ["true", "false"], ids=["hard", "soft"])
def test_every_claim_is_met(hard: str, seed: int) -> None:
    rows = [row for row in CHECKABLE if row["is_hard"] == hard]
    assert len(rows) > 50
    assert [text for row in rows if (text := disagreement(row, seed))] == []


def test_what_the_report_contradicts_is_said_in_words() -> None:
    rows = [row for row in seed_rows("claims") if row["contradiction"]]
    assert {row["section"] for row in rows} >= {
        "1",
        "2.3",
        "4.2 Q8",
        "4.3 Q12",
        "4.5 Q18",
        "Appendix B",
        "Appendix C",
    }
    assert all(len(row["contradiction"].split()) >= 8 for row in rows)


def test_every_metric_of_a_claim_is_defined() -> None:
    defined = {row["metric"].split("<")[0] for row in seed_rows("claim_metrics")}
    for row in seed_rows("claims"):
        for metric in (row["metric"], row["versus_metric"]):
            assert (
                not metric
                or metric in defined
                or any(metric.startswith(name) for name in defined if name.endswith((":", "_")))
            ), metric


def test_claims_have_unique_ids_and_soft_ones_a_threshold() -> None:
    rows = seed_rows("claims")
    assert len({row["claim_id"] for row in rows}) == len(rows)
    assert [row["claim_id"] for row in rows if row["is_hard"] == "false" and not row["threshold_note"]] == []


def test_returns_differ_but_for_the_pair() -> None:
    rating = sample_measures().rating
    alike = {
        (first, second)
        for first in rating
        for second in rating
        if first < second and sum(rating[first][q] != rating[second][q] for q in rating[first]) < 3
    }
    assert alike == {("aberdeen-city", "aberdeenshire")}


def test_some_committees_are_more_confident_than_others() -> None:
    greens = sorted(list(ratings.values()).count("green") for ratings in sample_measures().rating.values())
    assert greens[-1] - greens[0] >= 8


def test_blanks_are_where_the_estimates_are() -> None:
    blank = {(committee, q) for committee, qs in sample_measures().blanks.items() for q in qs}
    assert blank == set(sample_round().ratings.blank) == set(sample_round().comments.reasons)
    assert len(blank) == 11


def claim(metric: str, comparison: str, right: str, question: int | None = 1, rating: str = "green") -> Claim:
    value = Fraction(right) if right.isdigit() else right
    return Claim("test-01", Subject(metric, question, "", rating), comparison, value, Fraction(0))


def test_a_small_round_is_solved_as_claimed() -> None:
    claims = [claim("count", "=", "3"), claim("count", "=", "1", 2, "red"), claim("blank", "=", "0", None)]
    ratings = solve_ratings(THREE, [1, 2, 3, 4, 5, 6], claims, seed=1).rating
    assert [ratings[c.committee_id, 1] for c in THREE] == ["green"] * 3
    assert [ratings[c.committee_id, 2] for c in THREE].count("red") == 1


def test_claims_that_exclude_each_other_have_no_solution() -> None:
    with pytest.raises(NoSolutionError):
        solve_ratings(
            THREE, [1, 2], [claim("count", "=", "3"), claim("count", "=", "2", rating="red")], seed=1
        )


@pytest.mark.parametrize(
    "broken",
    [claim("popularity", "=", "3"), claim("count", "~", "3"), claim("count", "=", "3", None),
     claim("count", "=", "three"), claim("gap_after", "=", "3")],
    ids=["metric", "comparison", "no question", "text for a number", "exact gap"],
)  # fmt: skip
def test_a_claim_that_is_not_understood_is_named(broken: Claim) -> None:
    with pytest.raises(UnknownClaimError, match="test-01"):
        solve_ratings(THREE, [1, 2], [broken], seed=1)


def test_contradicted_claims_are_not_demanded() -> None:
    ids = {claim.claim_id for claim in load_claims(SEEDS, "2016")}
    assert ids == {row["claim_id"] for row in CHECKABLE}
