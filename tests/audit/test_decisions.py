"""The consequences of each kind of decision: in facts, counts, coverage, and the tables of the page on data quality."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.audit.small_rounds import Return, SmallRounds
from tests.conftest import Workplace

OWN = {
    1: "Quite a long comment that nobody else would ever have written in these very words, or in that order."
}
RETURNS = (
    Return("Fife", "ggg" + "gar" * 5 + "g", OWN, dated="2016-10-01"),
    Return("Angus", "ggg" + "gar" * 5 + "g", OWN, dated="2016-10-02"),
    Return("Moray", "rr." + "gar" * 5 + "a", {3: "Why it is blank."}),
    Return("Borders", "aag" + "gar" * 5 + "r", {4: "Late."}, dated="2017-03-01"),
    Return("Dundee", "agr" + "rag" * 5 + "r", {4: "On time."}),
)


@pytest.fixture
def rounds(sample_home: Workplace) -> Iterator[SmallRounds]:
    made = SmallRounds(sample_home.home)
    made.land(*RETURNS)
    yield made
    made.connection.close()


def decided(rounds: SmallRounds, check: str, decision: str, rating: str = "") -> dict[str, Any]:
    """Decide the one finding of the check, build all models, and read the consequences."""
    [finding_id] = rounds.findings(check).values()
    rounds.decide(finding_id, decision, rating)
    rounds.build()

    def rows(query: str) -> list[tuple[Any, ...]]:
        return rounds.ask(query)

    return {
        "counts": {q: counts for q, *counts in rows(
            "select question_no, returns, green, amber, red, blank from marts.mart_question_ranking"
        )},
        "coverage": rows("select returned, rejected, distinct_contents, local_authorities_covered "
                         "from marts.mart_coverage where consortium_code = 'all'")[0],
        "status": dict(rows("select committee_id, return_status from marts.fct_return")),
        "rated": {committee for (committee,) in rows("select distinct committee_id from marts.fct_rating")},
        "ratings": {(c, q): (r, s) for c, q, r, s in rows(
            "select committee_id, question_no, resolved_rating, rating_status from marts.fct_rating"
        )},
        "shown": rows("select decision, findings, decided_by_role from marts.mart_data_quality_summary "
                      f"where check_name = '{check}'"),
        "effect": rows("select decision, questions_moved, sentence, moves from marts.mart_decision_effect")[0],
        "ranks": dict(rows("select question_no, confidence_rank from marts.mart_question_ranking")),
    }  # fmt: skip


def test_count_both(rounds: SmallRounds) -> None:
    made = decided(rounds, "duplicate_return", "count_both")
    assert made["counts"][1] == [5, 2, 2, 1, 0]
    assert made["coverage"] == (5, 0, 4, 5)
    assert made["shown"] == [("count_both", 1, "tester")]
    assert made["effect"][2].startswith("Counting Angus once would move ")


def test_count_once(rounds: SmallRounds) -> None:
    made = decided(rounds, "duplicate_return", "count_once")
    assert made["counts"][1] == [4, 1, 2, 1, 0]
    assert made["coverage"] == (5, 0, 4, 5)
    assert made["status"]["angus"] == "returned"
    assert made["shown"] == [("count_once", 1, "tester")]
    assert made["effect"][2].startswith("Counting Angus as well would move ")


def test_set_aside(rounds: SmallRounds) -> None:
    made = decided(rounds, "outside_fieldwork", "set_aside")
    assert made["counts"][1] == [4, 2, 1, 1, 0]
    assert made["coverage"] == (4, 1, 3, 4)
    assert made["status"]["borders"] == "rejected"
    assert "borders" not in made["rated"]
    assert made["shown"] == [("set_aside", 1, "tester")]
    # For this check the committee is not public.
    assert made["effect"][2].startswith("Counting the return would move ")


def test_estimate(rounds: SmallRounds) -> None:
    made = decided(rounds, "blank_rating", "estimate", "red")
    assert made["ratings"]["moray", 3] == ("red", "estimated")
    assert made["counts"][3] == [5, 3, 0, 2, 1]
    assert made["effect"][:2] == ("estimate", made["effect"][1])
    assert made["effect"][2].startswith("Leaving the rating blank would move ")


def test_blanks_of_one_question_are_counted_together_for_the_public(rounds: SmallRounds) -> None:
    rounds.land(Return("Glasgow City", "rr." + "gar" * 5 + "g", {5: "Nothing to say of it."}))
    for blank in rounds.findings("blank_rating").values():
        rounds.decide(blank, "leave_blank")
    rounds.build()
    assert rounds.ask(
        "select findings, subjects from marts.mart_data_quality_summary where check_name = 'blank_rating'"
    ) == [(2, "question 3 (2)")]
    assert rounds.ask("select count(*), count(distinct effect_no) from marts.mart_decision_effect") == [
        (2, 2)
    ]


def test_leave_blank(rounds: SmallRounds) -> None:
    made = decided(rounds, "blank_rating", "leave_blank")
    assert made["ratings"]["moray", 3] == (None, "missing")
    assert made["counts"][3] == [5, 3, 0, 1, 1]
    assert made["effect"] == (
        "leave_blank",
        None,
        "A blank counts for no colour: the decision moves no rank.",
        None,
    )


def test_accept_changes_no_figure(rounds: SmallRounds) -> None:
    rounds.build()
    before = rounds.ask("select * from marts.mart_question_ranking order by all")
    made = decided(rounds, "outside_fieldwork", "accept")
    assert rounds.ask("select * from marts.mart_question_ranking order by all") == before
    assert made["status"]["borders"] == "returned"
    assert made["shown"] == [("accept", 1, "tester")]
    assert made["effect"][2].startswith("Setting the return aside would move ")


@pytest.mark.parametrize(
    ("check", "decision", "other"),
    [
        ("duplicate_return", "count_both", "count_once"),
        ("outside_fieldwork", "accept", "set_aside"),
    ],
)
def test_an_effect_equals_the_figures_of_the_other_decision(
    rounds: SmallRounds, sample_home: Workplace, check: str, decision: str, other: str
) -> None:
    made = decided(rounds, check, decision)
    otherwise = SmallRounds(sample_home.home)
    otherwise.land(*RETURNS)
    there = decided(otherwise, check, other)
    moved = {q: (rank, there["ranks"][q]) for q, rank in made["ranks"].items() if rank != there["ranks"][q]}
    moves = ", ".join(f"question {q} from {one} to {two}" for q, (one, two) in sorted(moved.items()))
    assert made["effect"][1] == len(moved)
    assert made["effect"][2].endswith(f" would move {moves or 'no rank'}.")
    # Seen from the other decision, the same questions move back.
    assert there["effect"][1] == len(moved)


def test_the_effect_of_an_estimate_equals_the_figures_of_a_blank(
    rounds: SmallRounds, sample_home: Workplace
) -> None:
    made = decided(rounds, "blank_rating", "estimate", "red")
    otherwise = SmallRounds(sample_home.home)
    otherwise.land(*RETURNS)
    there = decided(otherwise, "blank_rating", "leave_blank")
    assert made["effect"][1] == sum(rank != there["ranks"][q] for q, rank in made["ranks"].items())


def test_the_copy_of_a_return_that_is_set_aside_counts(rounds: SmallRounds) -> None:
    """The first of two copies is dated outside the fieldwork: the content still counts once."""
    rounds.land(Return("Fife", RETURNS[0].ratings, OWN, dated="2016-01-01"))
    [copy] = rounds.findings("duplicate_return").values()
    rounds.decide(copy, "count_once")
    late = rounds.findings("outside_fieldwork")["fife"]
    rounds.decide(late, "set_aside")
    rounds.build("mart_coverage", "mart_question_ranking")
    [(returned, distinct)] = rounds.ask(
        "select returned, distinct_contents from marts.mart_coverage where consortium_code = 'all'"
    )
    assert (returned, distinct) == (4, 4)
    assert rounds.ask("select distinct returns from marts.mart_question_ranking") == [(4,)]
