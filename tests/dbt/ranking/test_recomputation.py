"""Every measure of the ranking marts, recomputed on 200 invented rounds."""

from pathlib import Path

import pytest

from dagster_project.paths import VARIABLE, Home
from tests.dbt.ranking.agreement import (
    assert_change_agrees,
    assert_coverage_agrees,
    assert_rankings_agree,
)
from tests.dbt.ranking.random_rounds import build, invent
from tools.recompute.round import Round
from tools.recompute.statistics import count_ratings, rank_by_sum, select_rated

ROUNDS = 200
# A part of what is published: most of the build's time would go into resamples. The sample has all of them.
RESAMPLES = 40


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Round], Path]:
    """The rounds, and the database that dbt built of them."""
    rounds = invent(seed=20, count=ROUNDS)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(VARIABLE, str(tmp_path_factory.mktemp("random")))
        return rounds, build(rounds, Home.from_environment(), RESAMPLES)


def test_the_invented_rounds_have_every_awkward_shape(built: tuple[list[Round], Path]) -> None:
    rounds, _ = built
    assert len(rounds) == ROUNDS
    invited, questions = {len(one.consortium) for one in rounds}, {one.questions for one in rounds}
    assert (min(invited), min(questions), max(questions)) == (3, 1, 40)
    assert max(invited) >= 78
    answers = [list(ratings.values()) for one in rounds for ratings in one.answers.values()]
    assert any(len(one.answers) == 1 for one in rounds)
    assert any(len(one.answers) == len(one.consortium) for one in rounds)
    assert any(len(one.answers) < len(one.consortium) for one in rounds)
    assert any(not any(ratings) for ratings in answers)
    assert any(all(ratings) for ratings in answers)
    # A consortium of which nobody answered, and one that has no committee at all.
    assert any(set(one.consortium.values()) - {one.consortium[m] for m in one.answers} for one in rounds)
    assert any(set("NWEX") - set(one.consortium.values()) for one in rounds)
    counts = [count_ratings(one, set(one.answers)) for one in rounds]
    assert any(len(select_rated(c)) < len(c) for c in counts)
    assert any(not any(ratings["green"] for ratings in c.values()) for c in counts)
    ranked = [list(rank_by_sum(c)[3].values()) for c in counts]
    assert any(len(set(rank)) == 1 < len(rank) for rank in ranked)
    assert any(len(set(rank)) < len(rank) for rank in ranked)


def test_rankings_and_their_robustness_agree(built: tuple[list[Round], Path]) -> None:
    assert_rankings_agree(*built, resamples=RESAMPLES)


def test_coverage_agrees(built: tuple[list[Round], Path]) -> None:
    assert_coverage_agrees(*built)


def test_change_between_rounds_agrees(built: tuple[list[Round], Path]) -> None:
    compared, shown = assert_change_agrees(*built)
    assert compared > 1000 and shown > 100
