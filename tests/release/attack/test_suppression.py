"""Nothing follows from suppressed counts of random rounds, and much follows from whole counts."""

import os

from dagster_project.release.attack.inference import derive
from tests.release.attack.random_counts import invent_round, publish, suppress

ROUNDS = 200 if os.environ.get("LONG_TESTS") else 15


def test_no_rating_follows_from_suppressed_counts_of_random_rounds() -> None:
    without = 0
    for seed in range(ROUNDS):
        made = invent_round(seed)
        suppressed = suppress(made)
        assert list(derive(publish(made, suppressed))) == [], f"round of seed {seed}"
        without += bool(suppressed) and any(True for _ in derive(publish(made, {})))
    assert without > ROUNDS / 2
