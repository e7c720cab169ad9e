"""Each kind of finding: the smallest returns that have it, returns just short of it, and its identity."""

from dataclasses import replace

import pytest

from tests.audit.planted import (
    AUTHORITY,
    CASES,
    DETAILS,
    FIFE,
    GREEN,
    MIXED,
    STORY,
    Case,
    changed,
)
from tests.audit.small_rounds import Return, SmallRounds
from tests.conftest import Workplace

OF_COMMITTEES = ("non_return", "small_base")
"""Checks that also find something about the committees without a return."""


@pytest.mark.parametrize(("check", "case"), CASES.items(), ids=CASES)
def test_the_smallest_set_of_returns_has_the_finding_and_its_decision_covers_nothing_else(
    rounds: SmallRounds, sample_home: Workplace, check: str, case: Case
) -> None:
    case.plant(rounds)
    found = rounds.findings(check)
    assert case.subject in found
    assert len(found) == 1 or check in OF_COMMITTEES
    before = found[case.subject]
    assert rounds.ask(
        "select round_id, committee_id, question_no, source_file, detail from intermediate.int_findings "
        f"where finding_id = '{before}'"
    ) == [("2016", *DETAILS[check])]

    # The identity survives a run on the same files, loaded in another order with an unrelated one.
    [(decisions,)] = rounds.ask(
        f"select decisions from reference.quality_checks where check_name = '{check}'"
    )
    decision = str(decisions).split("|")[0]
    rounds.decide(before, decision, "green" if decision == "estimate" else "")
    rounds.connection.execute(
        "create table turned as select * from raw.return_file order by source_file desc"
    )
    rounds.connection.execute("delete from raw.return_file; insert into raw.return_file from turned")
    rounds.land(Return("Shetland", comments={1: "Unrelated, and later than the others."}, dated="2016-12-01"))
    assert rounds.findings(check)[case.subject] == before
    assert rounds.list_findings("stale_decision") == {}

    # It changes with the content, and the old decision is reported as stale.
    if check != "non_return":  # that nobody answered has no content
        rounds.clear()
        case.otherwise(rounds)
        after = rounds.findings(check)
        assert case.subject in after
        assert before not in after.values()
        assert list(rounds.list_findings("stale_decision")) == [before]
        assert rounds.ask("select distinct round_id from intermediate.int_finding_decisions") == [("2016",)]

    almost = SmallRounds(sample_home.home)
    case.short(almost)
    assert case.subject not in almost.findings(check)


def test_a_finding_keeps_its_identity_when_the_return_has_another_one_as_well(rounds: SmallRounds) -> None:
    outlying = Return("Fife", GREEN, {1: STORY})
    rounds.land(outlying)
    before = rounds.findings("outlying_return")
    rounds.land(replace(outlying, dated="2017-02-01"))
    assert rounds.findings("outlying_return") == before
    assert list(rounds.list_findings("outside_fieldwork")) == ["fife"]


def test_an_authority_is_represented_by_accepted_returns(rounds: SmallRounds) -> None:
    rounds.connection.execute(AUTHORITY)
    rounds.land(FIFE, Return("Angus", status="rejected"))
    assert rounds.findings("counted_twice") == {}


def test_a_committee_that_was_not_invited_is_found(rounds: SmallRounds) -> None:
    rounds.connection.execute("delete from reference.invitations where committee_id = 'fife'")
    rounds.land(FIFE, Return("Angus"))
    assert list(rounds.findings("unknown_committee")) == ["Fife.xlsx"]
    assert rounds.ask(
        "select committee_id, detail from intermediate.int_findings where check_name = 'unknown_committee'"
    ) == [("fife", "The cover names a committee that was not invited to this round.")]


def test_a_consortium_without_any_return_has_the_smallest_base(rounds: SmallRounds) -> None:
    rounds.land(FIFE)
    assert set(rounds.findings("small_base")) == {"East", "North", "West"}
    assert rounds.ask(
        "select detail from intermediate.int_findings where check_name = 'small_base' and subject = 'West'"
    ) == [("Returns in the consortium: 0. Comparisons with it carry a small-base mark.",)]


@pytest.mark.parametrize(
    ("rating", "comment", "found"),
    [
        ("g", "Training is not at present offered.", True),
        ("g", "There are not at present any gaps.", False),
        ("g", "This was not in place until 2015.", False),
        ("g", "The tool is not yet developed, though guidance is in place.", False),
        ("g", "Now at present.", False),
        ("r", "Fully in place.", True),
        ("r", "A protocol is well-established and used by all.", True),
        ("r", "The protocol is not yet fully in place.", False),
        ("r", "It isn\u2019t fully in place.", False),
        ("r", "Once the plan is fully implemented, staff will be trained.", False),
        ("r", "Not started. The older procedure is well established.", False),
        ("a", "Fully in place.", False),
    ],
)
def test_a_comment_contradicts_its_rating_by_phrases_unless_they_are_negated(
    rounds: SmallRounds, rating: str, comment: str, found: bool
) -> None:
    rounds.land(changed(comment, rating))
    assert bool(rounds.findings("comment_contradicts")) == found


def test_each_comment_is_compared_with_its_own_rating(rounds: SmallRounds) -> None:
    rounds.land(
        Return("Fife", MIXED, {1: "Fully in place.", 3: "Fully in place."}),
        Return("Angus", MIXED, {1: "In place.", 3: "Not at present."}),
    )
    assert list(rounds.findings("comment_contradicts")) == ["fife question 03"]
    assert rounds.ask(
        "select question_no, detail from intermediate.int_findings where check_name = 'comment_contradicts'"
    ) == [(3, "The rating is red, and the comment says that it is fully in place.")]


def test_a_repeated_passage_counts_once(rounds: SmallRounds) -> None:
    """Two comments with three words in common, which one of them repeats."""
    rounds.land(
        Return("Fife", "r" + MIXED[1:], {1: "yes indeed so " * 4}),
        Return("Angus", "g" + MIXED[1:], {1: "yes indeed so " * 4, 2: "And more of its own."}),
    )
    assert rounds.findings("opposite_ratings") == {}


@pytest.mark.parametrize(
    ("ratings", "comments", "found"),
    [
        (MIXED, {}, True),
        ("gar" * 3 + "g" + "." * 9, {}, True),
        ("gar" * 3 + "." * 10, {}, False),
        ("r" * 10 + "." * 9, {1: STORY}, True),
        ("r" * 9 + "." * 10, {1: STORY}, False),
    ],
)
def test_an_outlying_return_has_one_colour_or_no_comment_and_ten_ratings(
    rounds: SmallRounds, ratings: str, comments: dict[int, str], found: bool
) -> None:
    rounds.land(Return("Fife", ratings, comments))
    assert bool(rounds.findings("outlying_return")) == found


def test_a_committee_invited_twice_is_found_and_counted_once(rounds: SmallRounds) -> None:
    rounds.land(FIFE)
    rounds.connection.execute("insert into reference.invitations values ('2016', 'fife')")
    assert list(rounds.findings("counted_twice")) == ["fife twice"]
    rounds.build("mart_coverage")
    assert rounds.ask("select invited, returned from marts.mart_coverage where consortium_code = 'all'") == [
        (29, 1)
    ]


def test_a_round_without_returns_and_wrong_decisions_are_findings(rounds: SmallRounds) -> None:
    assert list(rounds.findings("empty_round")) == ["round 2016"]
    rounds.land(changed("Why it is blank.", "."))
    assert rounds.findings("empty_round") == {}
    [blank] = rounds.findings("blank_rating").values()
    rounds.decide(blank, "estimate", "green", reason=" ")
    [first] = rounds.findings("incomplete_decision").items()
    rounds.connection.execute("update reference.decisions set reason = 'Said so.', estimated_rating = 'blue'")
    [second] = rounds.findings("incomplete_decision").items()
    assert first[0] == second[0] == blank
    assert first[1] != second[1]
    rounds.connection.execute("update reference.decisions set estimated_rating = 'green'")
    assert rounds.findings("incomplete_decision") == {}
    rounds.decide(blank, "leave_blank")
    assert list(rounds.findings("contradictory_decision")) == [blank]


def test_comments_that_wait_for_a_code_are_a_finding_of_their_own(rounds: SmallRounds) -> None:
    rounds.land(FIFE)
    rounds.build("mart_data_quality")
    asked = """select subject, severity, finding_status from marts.mart_data_quality
        where "check" = 'uncoded_comment'"""
    assert rounds.ask(asked) == [("round 2016", "inform", "noted")]
    rounds.connection.execute("delete from reference.comment_topics")
    rounds.build("mart_data_quality")
    assert rounds.ask(asked) == []


def test_every_check_has_a_case(rounds: SmallRounds) -> None:
    checks = {str(name) for (name,) in rounds.ask("select check_name from reference.quality_checks")}
    here = {
        *CASES,
        "empty_round",
        "uncoded_comment",
        "stale_decision",
        "contradictory_decision",
        "incomplete_decision",
        # See test_return_versions.py.
        "final_round_changed",
        "missing_return",
        "unrecorded_reopening",
    }
    # These depend on all marts or on several rounds: unit tests of the models, tests of the claims and generated
    # rounds cover them.
    assert checks - here == {"claim_disagrees", "registry_fault", "large_change"}
