"""Final figures stay final: what differs from the published release is a finding, found from data."""

from dataclasses import replace

import pytest

from tests.audit.small_rounds import ROUND, Return, SmallRounds

FIFE = Return("Fife", comments={1: "A comment of its own."})
ANGUS = Return("Angus", comments={1: "Another comment of its own."})
CHECKS = ("final_round_changed", "missing_return", "unrecorded_reopening")
CLOSED = "2017-01-31"


def publish(
    rounds: SmallRounds,
    *returns: Return,
    closed_on: str | None = CLOSED,
    withdrawn: bool = False,
    reopened: int = 0,
) -> None:
    """Put returns into the table of the published release."""
    rounds.connection.execute("update reference.rounds set closed_on = ?", [closed_on])
    rounds.connection.executemany(
        "insert into raw.published_return values ('r1', ?, ?, ?, ?, ?, ?, ?)",
        [
            [ROUND, one.committee.lower(), one.file, one.sha256, withdrawn, closed_on, reopened]
            for one in returns
        ],
    )


def found(rounds: SmallRounds) -> dict[str, str]:
    """Detail by check and subject of the findings about the published release."""
    rounds.build("int_findings")
    return {
        f"{check} {subject}": str(detail)
        for check, subject, detail in rounds.ask(
            "select check_name, subject, detail from intermediate.int_findings"
        )
        if check in CHECKS
    }


def reopen(rounds: SmallRounds) -> None:
    rounds.connection.execute(
        f"insert into reference.round_reopenings values ('{ROUND}', '2017-03-01', 'A late return.', 'Data lead');"
        "update reference.rounds set closed_on = null"
    )


def test_a_closed_round_with_its_published_returns_has_no_finding(rounds: SmallRounds) -> None:
    publish(rounds, FIFE, ANGUS)
    rounds.land(replace(FIFE, file="renamed.xlsx"), ANGUS)
    assert found(rounds) == {}


@pytest.mark.parametrize(
    ("now", "detail"),
    [
        ([FIFE, ANGUS], "The round is closed, and the return is new."),
        (
            [replace(FIFE, sha256="other")],
            "The round is closed, and the return differs from the published one.",
        ),
        ([], "The round is closed, and its published return (Fife.xlsx) is gone."),
        (
            [replace(FIFE, status="rejected")],
            "The round is closed, and its published return (Fife.xlsx) is gone.",
        ),
    ],
)
def test_each_change_to_a_closed_round_stops_until_it_is_reopened(
    rounds: SmallRounds, now: list[Return], detail: str
) -> None:
    publish(rounds, FIFE)
    rounds.land(*now)
    subject = "angus" if len(now) == 2 else "fife"
    assert found(rounds) == {f"final_round_changed {subject}": detail}
    # Nobody can decide it away, and it stops.
    assert rounds.ask(
        "select severity, decisions from reference.quality_checks where check_name = 'final_round_changed'"
    ) == [("stop", None)]
    reopen(rounds)
    assert "final_round_changed" not in str(found(rounds))


def test_a_round_without_its_closing_day_stays_final_until_a_reopening_is_recorded(
    rounds: SmallRounds,
) -> None:
    publish(rounds, FIFE)
    rounds.land(FIFE, ANGUS)
    rounds.connection.execute("update reference.rounds set closed_on = null")
    assert set(found(rounds)) == {f"unrecorded_reopening round {ROUND}", "final_round_changed angus"}
    reopen(rounds)
    assert found(rounds) == {}


def test_an_earlier_reopening_does_not_open_a_round_that_was_published_as_closed_again(
    rounds: SmallRounds,
) -> None:
    reopen(rounds)
    publish(rounds, FIFE, reopened=1)
    rounds.land(FIFE, ANGUS)
    assert list(found(rounds)) == ["final_round_changed angus"]


def test_an_open_round_takes_new_and_changed_returns_and_no_disappearance(rounds: SmallRounds) -> None:
    publish(rounds, FIFE, ANGUS, closed_on=None)
    rounds.land(replace(FIFE, sha256="other"), Return("Moray", comments={1: "One more."}))
    assert found(rounds) == {
        "missing_return angus": "The published release has its return (Angus.xlsx), and the folder has none."
    }
    [finding] = rounds.findings("missing_return").values()
    rounds.decide(finding, "accept")
    rounds.build("int_finding_decisions")
    assert rounds.list_findings("incomplete_decision") == {}


def test_the_decision_on_a_withdrawn_return_stays_valid_after_the_next_release(rounds: SmallRounds) -> None:
    publish(rounds, FIFE, ANGUS, closed_on=None)
    rounds.land(FIFE)
    [before] = rounds.findings("missing_return").values()
    rounds.decide(before, "accept")
    rounds.build("fct_return_version")
    assert rounds.ask("select committee_id, is_withdrawn from marts.fct_return_version order by all") == [
        ("angus", True),
        ("fife", False),
    ]
    rounds.connection.execute("delete from raw.published_return")
    publish(rounds, ANGUS, withdrawn=True)
    publish(rounds, FIFE)
    assert rounds.findings("missing_return") == {"angus": before}
    assert rounds.list_findings("stale_decision") == {}
    # A return that comes back into a closed round is an arrival.
    rounds.land(ANGUS)
    assert "final_round_changed angus" in found(rounds)


def test_a_release_without_hashes_is_compared_by_committee(rounds: SmallRounds) -> None:
    publish(rounds, FIFE)
    rounds.connection.execute("update raw.published_return set sha256 = null")
    rounds.land(FIFE)
    assert found(rounds) == {}
    rounds.clear()
    assert list(found(rounds)) == ["final_round_changed fife"]
