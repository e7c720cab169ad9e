"""Every measure of the ranking marts, computed anew on 200 invented rounds."""

from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

from dagster_project.home import VARIABLE, Home
from tests.ranking.agreement import (
    assert_coverage_agrees,
    assert_rankings_agree,
    assert_robustness_agrees,
)
from tests.ranking.random_rounds import Round, build, invent
from tests.ranking.recompute import COUNTED, count, ours, rated, rows

ROUNDS = 200
# A fifth of what is published: most of the build's time would go into resamples. The sample has all of them.
RESAMPLES = 100


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Round], Path]:
    """The rounds, and the database that dbt built of them."""
    rounds = invent(seed=20, count=ROUNDS)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(VARIABLE, str(tmp_path_factory.mktemp("random")))
        return rounds, build(rounds, Home.current(), RESAMPLES)


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
    counts = [count(one, set(one.answers)) for one in rounds]
    assert any(len(rated(c)) < len(c) for c in counts)
    assert any(not any(ratings["green"] for ratings in c.values()) for c in counts)
    ranked = [list(ours(c)[3].values()) for c in counts]
    assert any(len(set(rank)) == 1 < len(rank) for rank in ranked)
    assert any(len(set(rank)) < len(rank) for rank in ranked)


def test_national_and_consortium_rankings_agree(built: tuple[list[Round], Path]) -> None:
    assert_rankings_agree(*built)


def test_robustness_agrees(built: tuple[list[Round], Path]) -> None:
    assert_robustness_agrees(*built, resamples=RESAMPLES)


def test_coverage_agrees(built: tuple[list[Round], Path]) -> None:
    assert_coverage_agrees(*built)


def test_change_between_rounds_agrees(built: tuple[list[Round], Path]) -> None:
    rounds, database = built
    found = {
        (row["round_id"], row["question_no"]): row
        for row in rows(database, "select * from marts.mart_round_change")
    }
    flows: dict[tuple[str, int], Counter[tuple[str, str]]] = {}
    for row in rows(database, "select * from marts.mart_rating_flow"):
        flow = flows.setdefault((row["round_id"], row["question_no"]), Counter())
        flow[row["rating_then"], row["rating_now"]] = row["committees"]
    compared = shown = 0
    for then, now in pairwise(rounds):
        questions = sorted(now.comparable & set(range(1, then.questions + 1)))
        before, after = (
            {question: counts[question] for question in questions}
            for counts in (count(one, set(one.answers)) for one in (then, now))
        )
        rank_then, rank_now = ours(before)[3], ours(after)[3]
        for question in questions:
            row = found.pop((now.round_id, question))
            compared += 1
            was, became = (
                {name: answers[question] for name, answers in one.answers.items() if answers[question]}
                for one in (then, now)
            )
            both = was.keys() & became.keys()
            assert (row["only_then"], row["only_now"]) == (len(was) - len(both), len(became) - len(both))
            assert (row["matched"], row["unclear_before"]) == (len(both), 0)
            assert [row[f"{colour}_then"] for colour in COUNTED] == [before[question][c] for c in COUNTED]
            assert [row[f"{colour}_now"] for colour in COUNTED] == [after[question][c] for c in COUNTED]
            assert row["compared_rank_then"] == rank_then.get(question)
            assert row["compared_rank_now"] == rank_now.get(question)
            outside = [{given[name] for name in given.keys() - both} for given in (was, became)]
            is_withheld = len(both) < 5 or any(len(colours) == 1 for colours in outside)
            assert row["is_withheld"] == is_withheld
            steps = [COUNTED.index(str(was[n])) - COUNTED.index(str(became[n])) for n in both]
            moves = [sum(s > 0 for s in steps), sum(s == 0 for s in steps), sum(s < 0 for s in steps)]
            told = [row[name] for name in ("moved_up", "stayed", "moved_down")]
            assert told == ([None] * 3 if is_withheld else moves)
            flow = Counter((str(was[name]), str(became[name])) for name in both)
            assert flows.get((now.round_id, question), Counter()) == (Counter() if is_withheld else flow)
            shown += not is_withheld
    assert found == {}
    assert compared > 1000 and shown > 100
