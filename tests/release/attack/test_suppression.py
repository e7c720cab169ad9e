"""Nothing follows from suppressed counts of random rounds, and much follows from whole counts."""

import os
from dataclasses import replace

import pytest

from dagster_project.release.attack.inference import Derived, derive_statuses
from tests.release.attack.random_counts import (
    ROUND,
    RandomRound,
    Suppressed,
    invent_round,
    publish,
    revise,
    suppress,
)

ROUNDS = 200 if os.environ.get("LONG_TESTS") else 15


REVISED = range(60) if os.environ.get("LONG_TESTS") else (16, 37)
"""Rounds in which a choice without regard to the first release would give away other committees' ratings."""


@pytest.mark.parametrize("with_insiders", [True, False], ids=["insiders", "outsiders"])
def test_no_rating_follows_from_suppressed_counts_of_random_rounds(with_insiders: bool) -> None:
    without = 0
    for seed in range(ROUNDS):
        made = invent_round(seed)
        suppressed = suppress(made, with_insiders=with_insiders)
        published = publish(made, suppressed)
        whole = publish(made, {})
        if not with_insiders:
            published.without_insiders.add(ROUND)
            whole.without_insiders.add(ROUND)
        assert list(derive_statuses(published)) == [], f"round of seed {seed}"
        without += bool(suppressed) and any(True for _ in derive_statuses(whole))
    assert without > ROUNDS / 2


def derive_from_both(
    made: RandomRound, first: Suppressed, revised: str, now: RandomRound, second: Suppressed
) -> list[Derived]:
    """Work out what anybody can about other committees than the revised one, from two releases."""
    published = publish(now, second)
    published.without_insiders.add(ROUND)
    earlier = f"{revised} (earlier)"
    published.earlier = [
        replace(one, members=frozenset(earlier if name == revised else name for name in one.members))
        for one in publish(made, first).totals
    ]
    return [one for one in derive_statuses(published) if {*one.committees} - {revised, earlier}]


def test_a_revision_of_a_return_concerns_its_committee_alone() -> None:
    fresh = 0
    for seed in REVISED:
        made = invent_round(seed, sizes=(11, 10, 4))
        revised, now = revise(made, seed)
        first = suppress(made)
        second = suppress(now, first)
        assert set(first) <= set(second)
        assert derive_from_both(made, first, revised, now, second) == [], f"round of seed {seed}"
        fresh += len(derive_from_both(made, first, revised, now, suppress(now)))
    assert fresh


def test_suppressing_the_same_counts_again_changes_nothing() -> None:
    for seed in range(5):
        made = invent_round(seed)
        first = suppress(made)
        assert suppress(made, first) == first
